"""The main window, its home page and the pages reached from it."""
