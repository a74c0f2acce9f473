"""Exercise, routine and language files."""
