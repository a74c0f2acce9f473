"""The operating system and its desktop: what they report and what they can be asked to do."""
