"""The first start, the settings pages, and the one copy of the settings."""
