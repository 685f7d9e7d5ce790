"""What is asked, who must answer, what is done, who is told."""
