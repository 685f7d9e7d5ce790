"""Who is told: mails to requesters and the page they follow their request on."""
