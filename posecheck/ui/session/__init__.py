"""The page of a session and its summary."""
