"""What lies beneath: the offline background, and where an address is."""
