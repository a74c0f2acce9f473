"""One judge: a recording is judged as a live session is.

Every recording in `tests/recordings` (real people and clips) is judged in three ways over the same
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
from golden import RECORDINGS
from shipped import LIBRARY

from posecheck.coach.guide import Guide
from posecheck.commands.rejudge import observations
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.recording import Recording
from posecheck.pose import Observation
from posecheck.session.plan import PlannedSet, open_set
from posecheck.session.session import Session, SessionView
from posecheck.session.start import LedStart

PHRASES = load_phrases("en")
SETTLE_S = 4.0
"""Seconds after both have begun. The longest patience of a rule is 3 s, and the timer arms in
0.7 s."""

LED_AS_BARE, LED_AS_RECORDED = 3_500, 1_800
"""Frames that the two comparisons must at least reach over all recordings. They reached 3,708 and
2,031 when this was written."""
CLIPS = Path(__file__).parent / "clips"


class Judged(NamedTuple):
    """The judgement of one frame. `halted` is why the guide stands still, "" while it does not."""

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


@cache
def frames_led_as_bare(path: Path) -> int:
    """Compare the guide, until it first stands still, with its bare session: equal to the digit.
    The number of frames compared."""
    case, count = case_of(path), 0
    bare = by_session(case, Session([case.planned], case.level, start=LedStart))
    for led, plain in zip(by_guide(case), bare, strict=True):
        if led.halted:
            break
        assert verdict_of(led.view) == verdict_of(plain.view), f"at {led.t:.2f} s"
        count += 1
    return count


@cache
def frames_led_as_recorded(path: Path) -> int:
    """Compare the guide with the judge of recordings from where both have begun and settled: the
    same state, faults and blind reasons, and equal seconds and repetitions from there on. The
    number of frames compared; 0 when the guide never begins, and then it credits nothing."""
    case = case_of(path)
    led = [*by_guide(case)]
    recorded = [*by_session(case, Session([case.planned], case.level))]
    begun = [each.t for each in led if each.view.phase == "work"]
    if not begun:
        assert all(each.view.progress.held_s == 0 for each in led)
        return 0
    start = next((i for i, each in enumerate(led) if each.t >= begun[0] + SETTLE_S), None)
    if start is None:
        return 0
    a, b = led[start].view.progress, recorded[start].view.progress
    count = 0
    for live, kept in zip(led[start:], recorded[start:], strict=True):
        if live.halted or live.view.phase != kept.view.phase:
            break
        assert live.view.progress.state == kept.view.progress.state
        assert live.view.verdict == kept.view.verdict
        assert live.view.blind == kept.view.blind
        now, then = live.view.progress, kept.view.progress
        assert now.held_s - a.held_s == pytest.approx(then.held_s - b.held_s, abs=1e-6)
        assert now.reps - a.reps == then.reps - b.reps
        count += 1
    return count


@pytest.mark.slow
@by_recording
def test_leading_changes_no_verdict(path: Path) -> None:
    """The guide, until it first stands still, says what its bare session says."""
    assert frames_led_as_bare(path) > 0


@pytest.mark.slow
@by_recording
def test_a_recording_counts_what_a_led_user_is_given(path: Path) -> None:
    """From where both have begun and settled."""
    frames_led_as_recorded(path)


@pytest.mark.slow
def test_the_comparison_is_not_empty() -> None:
    """A change after which far fewer frames are compared must be noticed."""
    bare = {path.stem: frames_led_as_bare(path) for path in RECORDINGS}
    recorded = {path.stem: frames_led_as_recorded(path) for path in RECORDINGS}
    assert sum(bare.values()) >= LED_AS_BARE, bare
    assert sum(recorded.values()) >= LED_AS_RECORDED, recorded


def test_every_clip_of_an_exercise_is_compared() -> None:
    """Each clip of an exercise in `tests/clips` has a file with the truth beside it."""
    truths = CLIPS.glob("*.json")
    clips = {path.stem for path in truths if path.with_suffix(".mp4").exists()}
    assert clips
    assert clips <= {path.stem for path in RECORDINGS}
