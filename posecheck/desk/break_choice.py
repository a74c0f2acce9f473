"""Which exercises a break gets: chosen from how the user sat today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.desk.states import SEATED, DeskState
from posecheck.exercise import RoutineStep

SittingHabit = Literal["sunk", "forward", "shoulders", "aside", "still", "any"]

DESK_ROUTINE = "desk_break_3min"

HABIT_STATES: Mapping[SittingHabit, frozenset[DeskState]] = {
    "sunk": frozenset({"slouching"}),
    "forward": frozenset({"head_forward", "too_close", "looking_down"}),
    "shoulders": frozenset({"shoulders_up"}),
    "aside": frozenset({"tilted"}),
}
"""The states that show a habit."""
LEAST_S, LEAST_SHARE = 300.0, 0.10
"""A habit takes at least five minutes and a tenth of the seated time: everybody has less."""
STILL_SHARE = 0.80
"""Share of the seated time in one state from which the user sits still, though upright."""

_ROLLS = RoutineStep("shoulder_rolls", view="front", reps=5, sets=2)
_ACROSS = RoutineStep("arm_across_body", sides=2, view="front", hold_s=20.0)
_NECK = RoutineStep("neck_side_bend", sides=2, view="front", hold_s=15.0)
_TWIST = RoutineStep("chair_spine_twist", sides=2, view="front", hold_s=15.0)
_TILTS = RoutineStep("seated_pelvic_tilts", time_s=60.0)
_CHEST = RoutineStep("chair_chest_opening", time_s=45.0)
_MARCH = RoutineStep("seated_march", time_s=30.0)
BREAK_STEPS: Mapping[SittingHabit, tuple[RoutineStep, ...]] = {
    "sunk": (_TILTS, _TWIST, _ACROSS),
    "forward": (_ROLLS, _NECK, _CHEST),
    "shoulders": (_ROLLS, _ACROSS, _NECK),
    "aside": (_ROLLS, _TWIST, _NECK),
    "still": (_MARCH, _TWIST, _ACROSS),
    "any": (_ROLLS, _ACROSS, _NECK, _TWIST),
}
"""All on a chair, in the front view of the webcam as it stands: two to three minutes with lead-ins
and rests. Doses are those of the shipped desk break (biomechanics 4.2); an exercise that is not in
it has the dose of its own file. Slumps call for movement of the trunk. A head that came forward
calls for the neck and an open chest, raised shoulders for rolls and the neck."""


@dataclass(frozen=True, slots=True)
class BreakOffer:
    """A break of two to three minutes.

    routine  the routine that these steps replace, and that runs instead when the library has none
             of them; "" none
    steps    the exercises in order, each with its dose
    reason   the phrase that says why, for the break card
    """

    routine: str
    steps: tuple[RoutineStep, ...]
    reason: str


def break_routine(
    seconds: Mapping[DeskState, float], routines: Collection[str] = (DESK_ROUTINE,)
) -> BreakOffer:
    """The break for today's seconds per state; `routines` are the ids of the library."""
    habit = _habit(seconds)
    routine = DESK_ROUTINE if DESK_ROUTINE in routines else next(iter(sorted(routines)), "")
    return BreakOffer(routine, BREAK_STEPS[habit], f"desk_break_{habit}")


def _habit(seconds: Mapping[DeskState, float]) -> SittingHabit:
    seated = sum(seconds.get(state, 0.0) for state in SEATED)
    totals = {
        habit: sum(seconds.get(state, 0.0) for state in states)
        for habit, states in HABIT_STATES.items()
    }
    worst = max(totals, key=lambda habit: totals[habit])
    if totals[worst] >= max(LEAST_S, LEAST_SHARE * seated):
        return worst
    longest = max((seconds.get(state, 0.0) for state in SEATED), default=0.0)
    return "still" if seated >= LEAST_S and longest >= STILL_SHARE * seated else "any"
