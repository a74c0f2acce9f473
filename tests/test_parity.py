"""One judge: what a recording shows is what a user meets live.

Every recording in `tests/recordings` (real people and clips) is judged three ways over the same
observations: as `analyze` and `replay` do, as a guided session does, and by the bare session that a
guide leads. Leading decides when a set begins and when it stands still; it never changes a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from golden import FOLDER, RECORDINGS

from posecheck.coach.guide import Guide
from posecheck.commands.rejudge import observations
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.store.recording import Recording
from posecheck.pose import Observation
from posecheck.session.plan import PlannedSet, open_set
from posecheck.session.session import Session, SessionView
from posecheck.session.start import LedStart

LIBRARY = load_all()
PHRASES = load_phrases("en")
SETTLE_S = 4.0
"""After both have begun: the longest patience of a rule is 3 s, and the timer arms in 0.7 s."""


class Judged(NamedTuple):
    """What one way of judging made of one frame. The guide may stand still, with a reason."""

    t: float
    view: SessionView
    halted: str = ""


@dataclass(frozen=True)
class Case:
    """A recording: its one set and what was observed."""

    planned: PlannedSet
    level: int
    seen: tuple[tuple[float, Observation], ...]


@cache
def case_of(path: Path) -> Case:
    recording = Recording(path)
    (recorded,) = recording.header.sets
    planned = open_set(LIBRARY.exercises[recorded.exercise], recorded.side)
    seen = tuple((frame.t, each) for frame, each in observations(recording.frames()))
    return Case(planned, recording.header.level, seen)


def by_session(case: Case, session: Session) -> Iterator[Judged]:
    for t, observation in case.seen:
        session.update(t, observation)
        yield Judged(t, session.view)


def by_guide(case: Case) -> Iterator[Judged]:
    guide = Guide([case.planned], PHRASES, case.level)
    for t, observation in case.seen:
        guide.update(t, observation)
        yield Judged(t, guide.view.session, guide.view.halted)


def verdict_of(view: SessionView) -> tuple[object, ...]:
    """State, seconds, repetitions, faults and blind reasons: all that the user learns of a
    frame."""
    return (view.phase, view.progress, view.verdict, view.blind, view.unjudged, view.parts)


by_recording = pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)


@by_recording
def test_leading_changes_no_verdict(path: Path) -> None:
    """The guide, until it first stands still, says to the digit what its bare session says."""
    case = case_of(path)
    bare = by_session(case, Session([case.planned], case.level, start=LedStart))
    for led, plain in zip(by_guide(case), bare, strict=True):
        if led.halted:
            break
        assert verdict_of(led.view) == verdict_of(plain.view), f"at {led.t:.2f} s"


@by_recording
def test_a_recording_counts_what_a_led_user_is_given(path: Path) -> None:
    """From where both have begun and settled: the same state, faults and blind reasons, and equal
    seconds and repetitions from there on."""
    case = case_of(path)
    led = [*by_guide(case)]
    recorded = [*by_session(case, Session([case.planned], case.level))]
    begun = [each.t for each in led if each.view.phase == "work"]
    if not begun:
        assert all(each.view.progress.held_s == 0 for each in led)
        return
    start = next((i for i, each in enumerate(led) if each.t >= begun[0] + SETTLE_S), None)
    if start is None:
        return
    a, b = led[start].view.progress, recorded[start].view.progress
    for live, kept in zip(led[start:], recorded[start:], strict=True):
        if live.halted or live.view.phase != kept.view.phase:
            break
        assert live.view.progress.state == kept.view.progress.state
        assert live.view.verdict == kept.view.verdict
        assert live.view.blind == kept.view.blind
        now, then = live.view.progress, kept.view.progress
        assert now.held_s - a.held_s == pytest.approx(then.held_s - b.held_s, abs=1e-6)
        assert now.reps - a.reps == then.reps - b.reps


def test_the_comparison_is_not_empty() -> None:
    """Most of the recordings are led to the work, and judged for seconds on end."""
    assert RECORDINGS
    assert FOLDER.is_dir()
    judged = {path.stem: 0.0 for path in RECORDINGS}
    for path in RECORDINGS:
        for each in by_guide(case_of(path)):
            judged[path.stem] += each.view.phase == "work"
    assert sum(frames > 40 for frames in judged.values()) >= 8
