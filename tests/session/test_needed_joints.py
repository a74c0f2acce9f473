"""A set that lacks a joint it needs is never active, and names the part: for every exercise.

The recordings begin with the start position of an exercise and go on with right form. They are
judged once as they are, and once with each needed joint hidden from the first frame on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from bodies import without
from shipped import EXERCISES

from posecheck.body.needs import Need, needs_of
from posecheck.commands.rejudge import observations
from posecheck.exercise import Exercise
from posecheck.io.store.recording import Recording
from posecheck.pose import Observation, Side, joint
from posecheck.session.placement import WORD
from posecheck.session.plan import open_set
from posecheck.session.session import Session, SessionView

RECORDINGS = Path(__file__).parents[1] / "recordings"
STARTS = sorted((RECORDINGS / "starts").glob("*.rec"))
OTHERS = [
    *sorted((RECORDINGS / "rendered").glob("*_[LR].rec")),
    *(RECORDINGS / f"{n}.rec" for n in ("cat_cow_adam_L", "childs_pose_beth_R", "plank_adam_L")),
    RECORDINGS / "supine_spinal_twist_carl_L.rec",
]
STEP_S, END_S = 0.12, 8.0
"""Few frames of the longer recordings are enough: a set is active within 8 s."""
Timeline = Sequence[tuple[float, Observation]]


@dataclass(frozen=True)
class Shown:
    """A recording of an exercise."""

    exercise: Exercise
    side: Side | None
    timeline: Timeline

    def played(self, need: Need | None = None) -> list[SessionView]:
        """The views of the set, with the joints of a need hidden."""
        session = Session([open_set(self.exercise, self.side)])
        views = []
        for t, seen in self.timeline:
            if need is not None and seen.pose is not None:
                hidden = [joint(need.part, side) for side in need.sides]
                seen = replace(seen, pose=without(seen.pose, *hidden))
            session.update(t, seen)
            views.append(session.view)
        return views


@cache
def shown(path: Path) -> Shown:
    recording = Recording(path)
    (recorded,) = recording.header.sets
    timeline: list[tuple[float, Observation]] = []
    for frame, seen in observations(recording.frames()):
        if frame.t <= END_S and (not timeline or frame.t - timeline[-1][0] >= STEP_S):
            timeline.append((frame.t, seen))
    return Shown(EXERCISES[recorded.exercise], recorded.side, timeline)


def active(views: Sequence[SessionView]) -> list[int]:
    return [index for index, view in enumerate(views) if view.progress.state == "active"]


def followed(exercise: Exercise) -> set[str]:
    """The parts of limbs that take turns, or of which one is enough for a while: a hidden one
    matters once it could have done a repetition (`test_progress`)."""
    reps = exercise.reps
    if reps is None or not (reps.each or reps.metric.endswith((".min", ".max"))):
        return set()
    return {"hip", "knee", "ankle", "wrist"}


@pytest.mark.slow
@pytest.mark.parametrize("path", STARTS + OTHERS, ids=lambda path: path.stem)
def test_a_set_without_a_joint_it_needs_is_never_active_and_names_the_part(path: Path) -> None:
    case = shown(path)
    whole = case.played()
    due = active(whole)
    assert due, "the recording shows right form"
    flanks = {view.near for view in whole if view.near is not None}
    needs = [needs_of(case.exercise, near, case.side) for near in flanks]
    alone = [n for n in needs[0] if len(n.sides) == 1 and all(n in each for each in needs)]
    assert alone
    for need in alone:
        if need.part in followed(case.exercise):
            continue
        views = case.played(need)
        assert not active(views), need
        assert views[-1].progress.held_s == views[-1].progress.reps == 0, need
        named = [
            v for v in views if v.unjudged == "parts" and WORD.get(need.part, need.part) in v.parts
        ]
        assert named, need


@pytest.mark.slow
@pytest.mark.parametrize("name", ["high_knees_beth_R", "butt_kicks_carl_L", "knee_hugs_adam_L"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_limb_that_is_hidden_for_long_may_have_done_a_repetition(name: str, side: Side) -> None:
    """Legs that take turns: what is seen of one still counts, but the set can't tell."""
    case = shown(RECORDINGS / "rendered" / f"{name}.rec")
    views = case.played(Need("knee", (side,)))
    assert case.exercise.reps is not None
    late = [view for view in views if view.t > case.exercise.reps.max_s + 1.0]
    assert late
    assert not active(late)
    assert {view.unjudged for view in late} == {"parts"}
    assert {view.parts for view in late} == {("knee",)}
    assert views[-1].progress.reps < case.played()[-1].progress.reps


def test_every_checked_exercise_of_the_first_release_is_shown() -> None:
    """An exercise that has no recording yet is not covered: 33 of them are."""
    assert len({shown(path).exercise.id for path in STARTS + OTHERS}) == 33
