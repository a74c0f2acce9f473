"""The world: cameras, files, sound, the desktop."""
