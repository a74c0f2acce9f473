"""posecheck: a webcam coach for back-friendly stretching."""

__version__ = "0.1.0"
