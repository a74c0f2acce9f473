"""Log, crash files and the recorder of the last minute of landmarks."""
