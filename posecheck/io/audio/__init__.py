"""Voice, tones and the transcript."""
