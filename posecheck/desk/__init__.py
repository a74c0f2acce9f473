"""Sitting is judged."""
