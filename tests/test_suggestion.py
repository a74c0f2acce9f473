"""The known word that the user probably meant."""

from __future__ import annotations

from posecheck.suggestion import LISTED, nearest, suggestion


def test_a_similar_word_is_suggested() -> None:
    """A typing mistake finds its word."""
    assert nearest("planck", ["plank", "cat_cow"]) == "plank"
    assert suggestion("planck", ["plank", "cat_cow"]) == "did you mean 'plank'?"


def test_without_a_similar_word_the_few_known_ones_are_listed() -> None:
    """Many known words are only counted."""
    assert nearest("zebra", ["plank", "cat_cow"]) is None
    assert suggestion("zebra", ["plank", "cat_cow"]) == "known: plank, cat_cow"
    many = [f"word{n}" for n in range(LISTED + 1)]
    assert suggestion("zebra", many) == f"none of the {LISTED + 1} known ones is like it"
