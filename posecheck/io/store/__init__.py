"""What is kept on disk: settings, profiles, the desk history."""
