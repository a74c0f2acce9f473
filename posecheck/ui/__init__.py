"""Windows, by page."""
