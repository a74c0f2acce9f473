"""The keys of a language file: what the coach says of its own accord.

A key is shown on the screen, the same key with `_say` is spoken. `cues.py` uses the phrases,
`io/language.py` reads and checks them.
"""

from __future__ import annotations

from collections.abc import Mapping

_PLAIN = (
    "nobody", "nobody_say", "someone_else", "someone_else_say", "view_front", "view_side",
    "view_oblique", "still", "still_say", "and", "seen", "seen_say", "part_head", "part_shoulder",
    "part_elbow",
    "part_wrist", "part_hip", "part_knee", "part_ankle", "part_heel", "part_foot", "side_left",
    "side_right", "hold", "hold_say", "unchecked", "unchecked_say", "rest", "rest_say", "done",
    "done_say", "praise", "praise_say", "easier", "breathe", "breathe_say", "halfway",
    "halfway_say", "left_10", "left_10_say", "left_5", "left_5_say", "too_small", "too_fast",
    "too_slow", "too_short", "bad_form", "unseen", "state_ready", "state_active", "state_paused",
    "state_unseen", "state_unchecked", "state_rest", "state_done",
)  # fmt: skip

_FILLED = {
    "view_say": ("shown", "hint"),
    "parts": ("parts",),
    "parts_say": ("parts",),
    "side_means": ("means", "side"),
    "start": ("name",),
    "start_say": ("name", "side", "dose"),
    "again": ("name",),
    "again_say": ("dose",),
    "other_side": ("side",),
    "other_side_say": ("side", "dose"),
    "dose_hold": ("count",),
    "dose_reps": ("count",),
    "dose_time": ("count",),
    "rest_next": ("name",),
    "rest_next_say": ("name",),
    "rest_next_side": ("side",),
    "rest_next_side_say": ("side",),
    "next": ("name",),
    "next_say": ("name",),
    "next_side": ("side",),
    "next_side_say": ("side",),
    "easier_say": ("easier",),
    "about": ("value",),
    "wanted": ("band",),
    "band": ("low", "high"),
    "band_least": ("low",),
    "band_most": ("high",),
    "rep": ("count",),
    "rep_say": ("count",),
}

PHRASES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_PLAIN, frozenset[str]()),
    **{key: frozenset(words) for key, words in _FILLED.items()},
}
"""Every phrase a language must have, and the words in braces it must hold."""
