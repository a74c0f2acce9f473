"""What is said, shown and offered, and the summary."""
