"""The known word that an unknown one was meant to be, for every "did you mean" in a message."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CUTOFF = 0.6
"""Similarity (`difflib` ratio, 0 to 1) below which a known word is no suggestion."""
LISTED = 24
"""More known words than this are not listed in a message."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like `word`; None when none is similar."""
    close = get_close_matches(word, list(known), n=1, cutoff=CUTOFF)
    return close[0] if close else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """What to add to "unknown word": the nearest known word, else all of them if they are few."""
    words = list(known)
    if near := nearest(word, words):
        return f"did you mean '{near}'?"
    if len(words) > LISTED:
        return f"none of the {len(words)} known ones is like it"
    return f"known: {', '.join(words)}"
