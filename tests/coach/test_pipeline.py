"""The whole program without hardware: a list of frames, a dict of sightings, list.append."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import Figure, series

from posecheck.coach.coach import Coach
from posecheck.coach.pipeline import FrameResult, run
from posecheck.coach.tally import SessionStats
from posecheck.coach.wording import rounded_angle, shown_state, value_words
from posecheck.exercise import Camera, Dose, Exercise, Rule
from posecheck.io.routines.language import load_phrases
from posecheck.pose import Detection as Seen
from posecheck.pose import Frame, MaskNeed
from posecheck.session.events import RepCounted, SessionDone, SetAnnounced, WorkStarted
from posecheck.session.plan import PlannedSet
from posecheck.session.session import Session

PHRASES = load_phrases("en")
BOW = Rule(
    "bow", "trunk_incl", "must", "range", "A", 5, 0.8, "Bow to the wall", "Bow.", min=30, max=60
)
EXERCISE = Exercise(
    "bow", "Bow", "upper", "hold", "full", "standing", "none", ("Bow.",), Dose(1, 0, hold_s=5),
    "Be kind.", camera=Camera("side", "Stand side-on.", (1, 1), (2, 3)), rules=(BOW,),
)  # fmt: skip
STANDING = Figure(facing=90).pose()
BOWED = Figure(facing=90, incl=45).pose()
FRONTAL = Figure().pose()
IMAGE = np.zeros((8, 8, 3), np.uint8)


NOBODY, OTHER = Seen(None, "nobody"), Seen(BOWED, "someone_else")


def play(
    *pieces: tuple[Seen, float], planned: PlannedSet | None = None, fps: float = 20.0
) -> list[FrameResult]:
    """Everything that comes of a timeline of sightings."""
    planned = planned or PlannedSet(EXERCISE, hold_s=5.0)
    timeline = dict(series(*pieces, fps=fps))
    frames = [Frame(t, IMAGE) for t in timeline]
    results: list[FrameResult] = []
    session = Session([planned])
    for result in run(frames, lambda f, mask: timeline[f.t], session, Coach(PHRASES)):
        results.append(result)
    return results


def said(results: list[FrameResult]) -> list[str]:
    return [cue.voice for result in results for cue in result.cues]


def tally(results: list[FrameResult]) -> SessionStats:
    total = SessionStats()
    for m in results:
        total.update(m.frame.t, m.events, m.cues, m.view)
    return total


def test_a_session_from_the_first_frame_to_the_last() -> None:
    results = play((Seen(STANDING), 4.0), (Seen(BOWED), 8.0))
    assert len(results) == 240
    events = [type(event) for result in results for event in result.events]
    assert events[0] is SetAnnounced
    assert events[-1] is SessionDone
    assert events.index(WorkStarted) > 0
    assert said(results) == [
        "Bow. Hold 5 seconds.",
        "Bow.",
        "Hold it there.",
        "All done. Well done.",
    ]
    assert results[-1].view.progress.held_s == 5.0
    assert results[-1].screen == "All done"


def test_someone_else_is_never_measured() -> None:
    results = play((Seen(STANDING), 2.0), (Seen(BOWED), 3.0), (OTHER, 5.0), (Seen(BOWED), 3.0))
    others = [m for m in results if m.view.blind == "someone_else"]
    assert len(others) == 100
    assert all(m.pose is None for m in others)
    held = [m.view.progress.held_s for m in others]
    assert held[0] == held[-1]
    assert "I see someone else. One person in the picture, please." in said(results)
    assert "I can see you again." in said(results)


def test_joints_that_are_not_trusted_do_not_reach_the_judge() -> None:
    hidden = replace(BOWED, visibility=np.full(33, 0.3))
    last = play((Seen(STANDING), 2.0), (Seen(hidden), 3.0))[-1]
    assert last.pose is not None
    assert np.isnan(last.pose.px).all()
    assert last.view.progress.held_s == 0


def test_a_mask_is_asked_for_only_when_the_session_wants_one() -> None:
    asked: list[MaskNeed] = []

    def estimate(frame: Frame, mask: MaskNeed) -> Seen:
        asked.append(mask)
        return Seen(STANDING)

    def ask(rule: Rule) -> set[MaskNeed]:
        asked.clear()
        session = Session([PlannedSet(replace(EXERCISE, rules=(rule,)))])
        frames = [Frame(i / 20, IMAGE) for i in range(40)]
        assert len(list(run(frames, estimate, session, Coach(PHRASES)))) == 40
        return set(asked)

    assert ask(BOW) == {"none"}
    assert ask(replace(BOW, metric="back_rounded_score", min=None, max=0.8)) == {"now"}


def test_no_frames_are_no_moments() -> None:
    assert play() == []


# --- the tally ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_seconds_of_a_set_add_up() -> None:
    planned = PlannedSet(EXERCISE)
    results = play(
        (NOBODY, 3.0), (Seen(STANDING), 4.0), (Seen(BOWED), 10.0), (Seen(STANDING), 5.0),
        (Seen(BOWED), 5.0), (NOBODY, 4.0), planned=planned,
    )  # fmt: skip
    (set_stats,) = tally(results).sets
    assert set_stats.correct_s == pytest.approx(10 + 5, abs=0.5)
    assert set_stats.wrong_s == pytest.approx(5.0, abs=1.0)
    assert set_stats.cant_tell_s == pytest.approx(7.0, abs=1.2)
    parts = set_stats.correct_s + set_stats.wrong_s + set_stats.cant_tell_s + set_stats.before_s
    assert parts == pytest.approx(set_stats.seconds)
    assert set_stats.blind_s["nobody"] == pytest.approx(7.0, abs=0.2)
    fault = set_stats.faults["bow"]
    assert fault.seconds == pytest.approx(set_stats.wrong_s + 1.5, abs=1.5)
    assert set_stats.form == "good"


def test_a_slow_stream_gives_a_fault_the_seconds_of_the_timer() -> None:
    """One frame in two seconds: what happened between them is unknown, for the fault as for the
    timer, and the length of the set is that of the stream."""
    planned = PlannedSet(EXERCISE)
    pieces = ((Seen(STANDING), 4.0), (Seen(BOWED), 20.0), (Seen(STANDING), 20.0))
    (set_stats,) = tally(play(*pieces, planned=planned, fps=0.5)).sets
    assert set_stats.seconds == pytest.approx(42.0)
    assert set_stats.faults["bow"].seconds == pytest.approx(10 * 0.25, abs=0.51)


def test_what_was_never_judged_has_no_form() -> None:
    (set_stats,) = tally(play((NOBODY, 5.0))).sets
    assert (set_stats.score, set_stats.form) == (None, "")
    assert set_stats.cant_tell_s == pytest.approx(set_stats.seconds)
    (turned,) = tally(play((Seen(FRONTAL), 5.0))).sets
    assert turned.cant_tell_s == pytest.approx(turned.seconds)


@pytest.mark.slow
def test_a_steady_hold_is_called_steady_though_the_person_leaves_it_in_the_end() -> None:
    results = play((Seen(STANDING), 2.0), (Seen(BOWED), 20.0), (Seen(STANDING), 9.0),
                   planned=PlannedSet(EXERCISE))  # fmt: skip
    (set_stats,) = tally(results).sets
    assert set_stats.form == "steady"
    assert not any(isinstance(e, RepCounted) for m in results for e in m.events)


def test_a_timer_counts_seconds_that_are_never_called_right() -> None:
    timer = replace(EXERCISE, category="timer", check="none", camera=None, rules=(),
                    dose=Dose(1, 0, time_s=60))  # fmt: skip
    results = play((NOBODY, 10.0), planned=PlannedSet(timer))
    (set_stats,) = tally(results).sets
    assert set_stats.unchecked_s == pytest.approx(10.0, abs=0.2)
    assert (set_stats.correct_s, set_stats.cant_tell_s, set_stats.form) == (0.0, 0.0, "")
    assert {shown_state(m.view) for m in results} == {"unchecked"}


# --- the words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (21.6, "about 20°, wanted 30 to 60°"),
        (29.0, "about 25°, wanted 30 to 60°"),  # out is never shown as in
        (44.0, "about 45°, wanted 30 to 60°"),
        (61.0, "about 65°, wanted 30 to 60°"),
        (float("nan"), ""),
    ],
)
def test_an_angle_is_shown_as_roughly_as_it_is_known(value: float, words: str) -> None:
    assert value_words(PHRASES, BOW, {"trunk_incl": value}) == words


def test_a_ratio_is_not_shown() -> None:
    ratio = replace(BOW, metric="hinge_ratio", min=0.3, max=None)
    assert value_words(PHRASES, ratio, {"hinge_ratio": 0.1}) == ""


@pytest.mark.parametrize(
    ("low", "high", "value", "words"),
    [
        (-10, 12, 25.0, "about 25°, wanted 12° or less"),
        (-28, 8, -41.0, "about 40°, wanted 28° or less"),
        (-10, 12, 3.0, "about 5°, wanted -10 to 12°"),  # nothing is wrong
        (33.3, None, 20.0, "about 20°, wanted 33° or more"),
        (0, 32.26, 41.0, "about 40°, wanted 0 to 33°"),
    ],
)
def test_limits_are_given_in_whole_degrees_of_one_direction(
    low: float, high: float | None, value: float, words: str
) -> None:
    """Nobody knows which way is minus, and an eased limit may be any number."""
    rule = replace(BOW, min=low, max=high)
    assert value_words(PHRASES, rule, {"trunk_incl": value}) == words


def test_one_limit_is_enough() -> None:
    knee = replace(BOW, metric="knee_angle.near", min=150, max=None)
    words = value_words(PHRASES, knee, {"knee_angle.near": 139.0})
    assert words == "about 140°, wanted 150° or more"
    assert rounded_angle(replace(knee, min=None, max=20), 21) == 25
