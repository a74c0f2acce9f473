"""The limits and ladders of the weekly plan, with their sources.

[ACSM]      American College of Sports Medicine, Guidelines for Exercise Testing and Prescription,
            11th edition: flexibility at least 2 to 3 days a week, daily is best; strength 2 to 3
            days a week with 48 h between; raise one variable at a time.
[WalkBack]  Pocovi 2024, Lancet: walking built up to 30 minutes five times a week, with education,
            28 % fewer recurrences of low back pain.
[WHO]       WHO 2023, guideline for chronic primary low back pain: exercise and education; no words
            that blame.
[NICE]      NG59: exercise that suits the person's needs and abilities; self-management; return to
            normal activity.
[4.5]       biomechanics 4.5: three clean sessions up; pain, poor form twice or 14 days away down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Track = Literal["mobility", "strength", "walking", "breathing", "lesson"]
TRACKS: tuple[Track, ...] = ("strength", "mobility", "walking", "breathing", "lesson")
"""In the order in which they get the minutes of a day."""
Goal = Literal["back", "upper", "hips", "all"]
GOALS: tuple[Goal, ...] = ("back", "upper", "hips", "all")


@dataclass(frozen=True, slots=True)
class Rung:
    """An amount of a track. From one rung to the next one variable rises [ACSM, 4.5].

    minutes  of one session, at most
    days     a week, at most
    level    of the exercises, 1 to 3
    """

    minutes: int
    days: int
    level: int = 2


LADDERS: Mapping[Track, tuple[Rung, ...]] = {
    # 10 to 15 minutes daily [ACSM, and biomechanics 4.5: stretching daily is allowed].
    "mobility": (Rung(10, 7, 1), Rung(10, 7, 2), Rung(12, 7, 2), Rung(15, 7, 2), Rung(15, 7, 3)),
    # Two to three times a week [ACSM].
    "strength": (Rung(10, 2, 1), Rung(10, 2, 2), Rung(10, 3, 2), Rung(12, 3, 2), Rung(12, 3, 3)),
    # Up to 30 minutes five times a week [WalkBack].
    "walking": (
        Rung(10, 3),
        Rung(10, 4),
        Rung(10, 5),
        Rung(15, 5),
        Rung(20, 5),
        Rung(25, 5),
        Rung(30, 5),
    ),
    # Slow breathing of a few minutes: no dose is settled, so small ones [WHO: optional].
    "breathing": (Rung(3, 7), Rung(5, 7)),
    "lesson": (Rung(1, 1),),
}

CLEAN_SCORE = 80.0
CLEAN_SESSIONS = 3
"""So many sessions in a row with at least CLEAN_SCORE, completed and without a pain stop, and a
track rises [4.5]."""
POOR_SCORE = 60.0
POOR_SESSIONS = 2
"""So many sessions in a row below POOR_SCORE, and a track falls [4.5]."""
AWAY_DAYS = 14
"""More days than this without a session of a track, and it falls by one rung; by another one for
each further AWAY_DAYS [4.5]."""
WEEK = 7
"""Days of a week."""
RISE_DAYS, RISE_DAYS_OLDER = 7, 14
"""Fewest days between two rises of any tracks: one variable at a time [ACSM], slower from 65 on
[ACSM: older adults progress with more time at each step]."""
OLDER_LEVEL = 2
"""Highest level from 65 on."""

REST_DAYS = 2
"""Days for which the group of an exercise that hurt rests [ACSM: 48 h]."""
MOST_REST_DAYS = 14
"""The exercise itself rests until the user told that the pain is down, and no longer than this."""
CALM_PAIN = 3
"""Pain of at most this much is calm: mild on the numeric rating scale, where 4 begins moderate."""
STOPS_OUT, STOPS_DAYS = 3, 28
"""So many pain stops of one exercise within STOPS_DAYS, and it leaves the plan for STOPS_DAYS; the
plan then tells the user to show it to a physiotherapist."""

ASK_AGAIN_DAYS: Mapping[str, int] = {"ACUTE": 1, "PREG": 30}
"""Safety answer -> days after which it is asked again. A fresh pain is of its day: after that it no
longer excludes anything. Pregnancy keeps its exclusions until the user answers again."""
EXPIRES = frozenset(("ACUTE",))

LEAST_MINUTES: Mapping[Track, int] = {
    "strength": 6, "mobility": 5, "walking": 5, "breathing": 3, "lesson": 1,
}  # fmt: skip
"""A session that would be shorter is left out."""
NEW_DAYS = 14
"""Every so many days the plan has an exercise that was not done lately."""
LATELY_DAYS = 42
"""An exercise that was not done for so long counts as new."""

GOAL_ROUTINES: Mapping[Goal, tuple[str, ...]] = {
    "back": ("lower_back", "glutes_hamstrings", "upper_back_shoulders"),
    "upper": ("upper_back_shoulders", "lower_back"),
    "hips": ("glutes_hamstrings", "lower_back"),
    "all": ("full_daily", "lower_back", "glutes_hamstrings", "upper_back_shoulders"),
}
"""Routines of the mobility track, taken in turns."""
STRENGTH_ROUTINES = ("core_strength",)
NEW_GROUPS: Mapping[Track, frozenset[str]] = {
    "mobility": frozenset(("upper", "lower_back", "glutes_hams")),
    "strength": frozenset(("core", "glutes_hams")),
}
"""Groups from which a track takes its new exercises; for strength only repetitions and holds of
strength."""
STRETCHES = "hold"
NEVER_NEW = frozenset(("superman", "renegade_row", "kneeling_piriformis"))
"""Exercises that the plan does not propose by itself: high loads on the spine or the knee; the user
may choose them."""

EQUIPMENT: Mapping[str, tuple[str, ...]] = {
    "foam_rolling": ("roller", "mat"),
    "supine_strap_hamstring": ("strap", "mat"),
    "active_isolated_stretching": ("strap", "mat"),
    "cycling": ("bike",),
    "renegade_row": ("dumbbells", "mat"),
}
"""What an exercise needs beside its position's chair or mat."""
