"""The shipped exercises and routines, read once for all tests: their files take a while."""

from __future__ import annotations

from posecheck.io.routines.load import load_all

LIBRARY = load_all()
EXERCISES = LIBRARY.exercises
