"""What the day at the desk asks for: the break's exercises, from the ways of sitting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.desk.states import DeskState
from posecheck.exercise import RoutineStep

Finding = Literal["sunk", "forward", "shoulders", "aside", "still", "any"]

DESK_ROUTINE = "desk_break_3min"

FOUND: Mapping[Finding, frozenset[DeskState]] = {
    "sunk": frozenset({"slouching"}),
    "forward": frozenset({"head_forward", "too_close", "looking_down"}),
    "shoulders": frozenset({"shoulders_up"}),
    "aside": frozenset({"tilted"}),
}
"""Which states speak for which finding."""
LEAST_S, LEAST_SHARE = 300.0, 0.10
"""A finding takes five minutes and a tenth of the seated time: less is everybody's."""
STILL_SHARE = 0.80
"""Share of the seated time in one way of sitting that is sitting still, though upright."""
SEATED: frozenset[DeskState] = frozenset(
    {"upright", "reclined", "turned", "hand_at_face"}.union(*FOUND.values())  # type: ignore[arg-type]
)

_ROLLS = RoutineStep("shoulder_rolls", view="front", reps=5, sets=2)
_ACROSS = RoutineStep("arm_across_body", sides=2, view="front", hold_s=20.0)
_TRICEPS = RoutineStep("triceps_stretch", sides=2, view="front", hold_s=15.0)
_TWIST = RoutineStep("chair_spine_twist", sides=2, view="front", hold_s=15.0)
_TILTS = RoutineStep("seated_pelvic_tilts", time_s=60.0)
_MARCH = RoutineStep("seated_march", time_s=30.0)
STEPS: Mapping[Finding, tuple[RoutineStep, ...]] = {
    "sunk": (_TILTS, _TWIST, _TRICEPS),
    "forward": (_ROLLS, _TWIST, _ACROSS),
    "shoulders": (_ROLLS, _ACROSS, _TRICEPS),
    "aside": (_ROLLS, _TWIST, _TRICEPS),
    "still": (_MARCH, _TWIST, _ACROSS),
    "any": (_ROLLS, _ACROSS, _TRICEPS, _TWIST),
}
"""On a chair, seen from the front with the webcam as it is: two to three minutes with lead-ins and
rests. Doses are those of the shipped desk break (biomechanics 4.2); what it does not have is dosed
as in its own file. Slumps ask for the trunk to move: pelvis, chest, arms overhead; a head that came
forward and raised shoulders for shoulders that roll and stretch."""


@dataclass(frozen=True, slots=True)
class BreakOffer:
    """A break of two to three minutes.

    routine  the routine that these steps take the place of, and to begin when none of them is in
             the library; "" none
    steps    what suits today, in order, each with its dose
    reason   the phrase that says why, for the break card
    finding  what was found
    """

    routine: str
    steps: tuple[RoutineStep, ...]
    reason: str
    finding: Finding = "any"


def break_routine(
    seconds: Mapping[DeskState, float], routines: Collection[str] = (DESK_ROUTINE,)
) -> BreakOffer:
    """What suits the seconds per state of today; `routines` are the ids that there are."""
    finding = _finding(seconds)
    routine = DESK_ROUTINE if DESK_ROUTINE in routines else next(iter(sorted(routines)), "")
    return BreakOffer(routine, STEPS[finding], f"desk_break_{finding}", finding)


def _finding(seconds: Mapping[DeskState, float]) -> Finding:
    seated = sum(seconds.get(state, 0.0) for state in SEATED)
    totals = {
        finding: sum(seconds.get(state, 0.0) for state in states)
        for finding, states in FOUND.items()
    }
    worst = max(totals, key=lambda finding: totals[finding])
    if totals[worst] >= max(LEAST_S, LEAST_SHARE * seated):
        return worst
    longest = max((seconds.get(state, 0.0) for state in SEATED), default=0.0)
    return "still" if seated >= LEAST_S and longest >= STILL_SHARE * seated else "any"
