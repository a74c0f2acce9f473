"""Sets are judged: form, progress, placement, safety."""
