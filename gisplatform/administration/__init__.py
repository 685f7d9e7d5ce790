"""What the administration at /admin/ shares: its frame, the guards of its lists, its forms."""
