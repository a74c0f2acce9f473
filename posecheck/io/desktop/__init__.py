"""What the operating system and its desktop know and can do."""
