"""Pages about what is remembered: today and progress."""
