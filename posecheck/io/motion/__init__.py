"""Landmarks and angles as files for the programs of movement laboratories."""
