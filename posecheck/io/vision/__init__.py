"""Cameras, video files and the pose model."""
