"""Fewer pictures, and pictures at uneven times, give the same account of a recording.

The same seconds within 5 %, or the difference is named as time that cannot be judged.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from shipped import EXERCISES

from posecheck.commands.rejudge import observations
from posecheck.io.store.recording import Recording
from posecheck.io.store.recording_block import RecordedFrame
from posecheck.pose import Side
from posecheck.session.events import Blind, Blinded
from posecheck.session.plan import open_set
from posecheck.session.progress import Progress
from posecheck.session.session import Session

RECORDINGS = Path(__file__).parent / "recordings"
Thin = Callable[[Sequence[RecordedFrame]], list[RecordedFrame]]


def every(n: int) -> Thin:
    return lambda frames: list(frames[::n])


def at_random(frames: Sequence[RecordedFrame]) -> list[RecordedFrame]:
    """Two of five pictures, so that gaps of up to a second occur."""
    chance = random.Random(1)
    return [frame for frame in frames if chance.random() < 0.4]


@cache
def recorded(name: str) -> tuple[RecordedFrame, ...]:
    return tuple(Recording(RECORDINGS / f"{name}.rec").frames())


def judged(
    frames: Sequence[RecordedFrame], exercise: str, side: Side | None = None
) -> tuple[Progress, list[Blind]]:
    """The progress at the end, and why nothing could be judged."""
    session = Session([open_set(EXERCISES[exercise], side)], 2)
    blind: list[Blind] = []
    for frame, observation in observations(frames):
        events = session.update(frame.t, observation)
        blind += [event.why for event in events if isinstance(event, Blinded)]
    return session.view.progress, blind


@pytest.mark.parametrize("thin", [every(2), every(5), every(15), at_random])
def test_fewer_pictures_hold_the_same_seconds(thin: Thin) -> None:
    """At 7.5, 3 and 1 pictures a second, and at uneven times."""
    frames = recorded("childs_pose_beth_R")
    full, _ = judged(frames, "childs_pose")
    some, _ = judged(thin(frames), "childs_pose")
    assert full.held_s > 7
    assert some.held_s <= 1.05 * full.held_s
    assert some.held_s + some.unseen_s >= 0.95 * full.held_s


def test_three_pictures_a_second_count_the_same_repetitions() -> None:
    frames = recorded("rendered/high_knees_beth_R")
    assert judged(frames, "high_knees")[0].reps == 12
    assert judged(every(5)(frames), "high_knees")[0].reps == 12


def test_one_picture_a_second_is_too_few_to_count() -> None:
    """Movements are missed between the pictures: no count, no credit, and the reason."""
    progress, blind = judged(every(15)(recorded("rendered/high_knees_beth_R")), "high_knees")
    assert blind == ["few_pictures"]
    assert (progress.reps, progress.held_s, progress.wrong_s) == (0, 0.0, 0.0)
