"""What each command opens and connects."""
