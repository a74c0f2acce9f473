"""A skeleton becomes believable numbers."""
