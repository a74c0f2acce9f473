"""The closing summary: seconds kept apart, the costliest fault, the worst moment, the words."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from bodies import Figure, Leg, painted, series

from posecheck.coach.compose import scene_of
from posecheck.coach.summary import (
    ExerciseSummary,
    Summary,
    WorstMoments,
    reps_words,
    summarise,
    text_lines,
    time_words,
)
from posecheck.coach.tally import FaultTime, SessionStats, SetStats
from posecheck.exercise import Camera, Dose, Exercise, HysteresisBand, Reps, Rule, Severity
from posecheck.io.routines.language import load_phrases
from posecheck.pose import Joint, Observation, Pose
from posecheck.session.events import RepRejected
from posecheck.session.plan import PlannedSet
from posecheck.session.session import Session

PHRASES = load_phrases("en")


def rule(name: str, metric: str, level: Severity = "must", low: float = 160.0) -> Rule:
    """A rule with a margin of 5 and a patience of one second."""
    voice, why = f"Say {name}.", f"Why {name}."
    return Rule(name, metric, level, "alignment", "A", 5.0, 1.0, f"Cue {name}", voice, low, why=why)


KNEES = rule("knees", "knee_angle.near")
STAND = Exercise(
    "stand", "Stand (tall)", "core", "hold", "full", "standing", "none", ("Stand.",),
    Dose(1, 1.0, hold_s=3.0), "", rules=(KNEES,),
    camera=Camera("side", "side-on", (0.8, 1.2), (2.0, 3.0)),
)  # fmt: skip
LIFT = replace(
    STAND, id="lift", name="Lift", category="reps", rules=(), sides="each",
    reps=Reps("thigh_incl.near", HysteresisBand(20, 30), HysteresisBand(60, 50), min_s=1.0,
    max_s=6.0),
)  # fmt: skip
WALK = replace(STAND, id="walk", name="Walk", category="timer", check="none", rules=(), camera=None)
HOLD = PlannedSet(STAND, hold_s=3.0, rest_s=0.5)


def standing(knee: float = 0.0) -> Pose:
    """Side-on, both knees bent by `knee` degrees."""
    leg = Leg(knee / 2, knee)
    return Figure(facing=90.0, left_leg=leg, right_leg=leg).pose()


TALL, BENT, DEEP, LOW = standing(), standing(40), standing(80), standing(120)


class Watched:
    """A session played over a timeline, with its statistics and worst moments."""

    def __init__(self, *planned_sets: PlannedSet) -> None:
        self.session, self.tally, self.worst = Session(planned_sets), SessionStats(), WorstMoments()
        self.t = 0.0

    def play(self, *pieces: tuple[Pose | None, float]) -> Watched:
        for t, pose in series(*pieces, fps=20.0, start=self.t):
            events = self.session.update(t, Observation(pose))
            self.tally.update(t, events, (), self.session.view)
            self.worst.update(self.session.view, pose)
            self.t = t + 0.05
        return self

    def line(self, **more: object) -> ExerciseSummary:
        return self.summary(**more).lines[0]

    def summary(self, **more: object) -> Summary:
        made = summarise("Morning", self.tally.sets, self.worst, PHRASES, **more)  # type: ignore[arg-type]
        return made


def faulty(planned: PlannedSet, *faults: tuple[Rule, float, float]) -> SetStats:
    """A set with faults: rule, seconds, seconds of them before it began."""
    times = {
        rule.id: FaultTime(rule, 0.0, seconds, seconds, early) for rule, seconds, early in faults
    }
    return SetStats(planned, 20.0, faults=times)


def summed(*sets: SetStats, **more: object) -> Summary:
    return summarise("Morning", sets, WorstMoments(), PHRASES, **more)  # type: ignore[arg-type]


# --- seconds ------------------------------------------------------------------------------------


def test_right_wrong_and_unseen_seconds_stay_apart() -> None:
    """What was not seen is neither right nor wrong."""
    planned = replace(HOLD, hold_s=30.0)
    line = Watched(planned).play((TALL, 6), (DEEP, 5), (None, 4)).line()
    assert line.correct_s == pytest.approx(5, abs=1.5)
    assert line.wrong_s == pytest.approx(4, abs=1.5)
    assert line.cant_tell_s == pytest.approx(4, abs=1)
    assert line.unchecked_s == 0


def test_plain_seconds_are_unchecked_and_nothing_else() -> None:
    """What no camera can check is never called right, and has no form."""
    line = Watched(PlannedSet(WALK, time_s=9.0)).play((None, 5)).line()
    assert line.unchecked_s == pytest.approx(5, abs=0.2)
    assert (line.correct_s, line.wrong_s, line.cant_tell_s, line.form) == (0, 0, 0, "")
    assert not line.checked


def test_sets_of_one_exercise_are_one_line() -> None:
    """Both sets count together, in the order of the session; totals are sums of the lines."""
    watched = Watched(HOLD, PlannedSet(WALK, time_s=2.0), HOLD).play((TALL, 20))
    summary = watched.summary()
    assert [line.exercise for line in summary.lines] == ["stand", "walk"]
    assert summary.lines[0].correct_s == pytest.approx(6, abs=0.1)
    assert summary.correct_s == summary.lines[0].correct_s
    assert summary.unchecked_s == pytest.approx(2, abs=0.1)


def test_sides_are_named_together() -> None:
    """Left and right are one line of both sides; one side is named as the person's own."""
    left, right = (
        SetStats(PlannedSet(LIFT, "left", reps=8)),
        SetStats(PlannedSet(LIFT, "right", reps=8)),
    )
    assert summed(left).lines[0].sides == "your left"
    assert summed(left, right).lines[0].sides == "both sides"
    assert summed(left, right).lines[0].reps_wanted == 16


def test_a_set_by_the_clock_wants_no_number_of_repetitions() -> None:
    """Where the clock ends a set, no repetition is missing."""
    assert summed(SetStats(PlannedSet(LIFT, reps=8, time_s=30.0))).lines[0].reps_wanted is None


def test_reasons_of_repetitions_are_added_up() -> None:
    """Every movement that did not count is listed with its reason, most frequent first."""
    first, second = SetStats(PlannedSet(LIFT, "left")), SetStats(PlannedSet(LIFT, "right"))
    first.rejected.update([RepRejected("too_fast").why])
    second.rejected.update(["too_small", "too_small", "too_fast", "too_small"])
    line = summed(first, second).lines[0]
    assert line.not_counted == (("too_small", 3), ("too_fast", 2))
    assert "  Repetitions: 0. Not counted: 3 too small, 2 too fast" in text_lines(
        summed(first, second), PHRASES
    )


def test_form_is_weighed_by_what_was_judged() -> None:
    """A long steady set outweighs a short poor one."""
    watched = Watched(replace(HOLD, hold_s=30.0), HOLD).play((TALL, 32.5), (DEEP, 5), (TALL, 5))
    assert watched.tally.sets[1].form == "keep practising"
    assert watched.line().form == "steady"


# --- the costliest fault ------------------------------------------------------------------------

OTHER = rule("other", "trunk_incl")
HINT = rule("hint", "trunk_incl", "advice")


def test_the_fault_that_lasted_longest_is_reported() -> None:
    """Over all sets together, with its cue, its words and why."""
    line = summed(
        faulty(HOLD, (KNEES, 4, 0), (OTHER, 5, 0)), faulty(HOLD, (KNEES, 3, 0)), faulty(HOLD)
    ).lines[0]
    assert (line.fault, line.fault_s, line.tip) == ("Cue knees", 7, "Say knees. Why knees.")


def test_getting_ready_is_no_fault() -> None:
    """Seconds on the way into the pose do not count against anybody."""
    set_stats = faulty(HOLD, (KNEES, 9, 9), (OTHER, 3, 1))
    assert summed(set_stats).lines[0].fault == "Cue other"
    assert summed(faulty(HOLD, (KNEES, 9, 9))).lines[0].fault == ""


def test_a_must_goes_before_an_advice_that_lasted_as_long() -> None:
    """Whichever of the two is written first, and though one lasted a blink longer."""
    for faults in (((HINT, 5.2, 0), (KNEES, 5, 0)), ((KNEES, 5, 0), (HINT, 5.2, 0))):
        assert summed(faulty(HOLD, *faults)).lines[0].fault == "Cue knees"


def test_a_blink_is_not_worth_telling() -> None:
    """A fault of no whole second is left out."""
    assert summed(faulty(HOLD, (KNEES, 0.3, 0))).lines[0].fault == ""


# --- the worst moment ---------------------------------------------------------------------------


def knee_of(line: ExerciseSummary) -> float:
    """How far the shown knee is bent, degrees, as the figure was made."""
    assert line.worst is not None
    found = [
        k for k, p in ((40, BENT), (80, DEEP), (120, LOW)) if (line.worst.pose.px == p.px).all()
    ]
    return found[0]


LONG = replace(HOLD, hold_s=30.0)


def test_the_worst_moment_is_the_farthest_outside() -> None:
    """Of all frames of the fault the one farthest beyond the limit, with the limb that was bent."""
    line = Watched(LONG).play((TALL, 4), (BENT, 3), (DEEP, 3), (BENT, 3), (TALL, 3)).line()
    assert knee_of(line) == 80
    assert line.worst is not None
    assert {Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE} <= {
        at for chain in line.worst.lines for at in chain
    }
    assert line.worst.words == "about 100°, wanted 160° or more"


def test_the_way_in_has_no_worst_moment() -> None:
    """Before the form was first right nothing is held against anybody."""
    assert Watched(LONG).play((TALL, 0.3), (DEEP, 5), (TALL, 4)).line().worst is None


def test_the_way_out_is_not_the_worst_moment() -> None:
    """After the last right second a deeper bend is taken for getting up."""
    line = Watched(LONG).play((TALL, 4), (BENT, 3), (TALL, 3), (LOW, 4)).line()
    assert knee_of(line) == 40


def test_a_fault_that_was_never_mended_is_shown_all_the_same() -> None:
    """Where there is no other moment, the last stretch is shown."""
    assert knee_of(Watched(LONG).play((TALL, 4), (BENT, 2), (DEEP, 3)).line()) == 80


def test_the_way_out_of_one_set_is_not_mended_by_the_next() -> None:
    """A new set in good form does not make the end of the one before a part of it."""
    moments, planned = WorstMoments(), LONG
    for index, pieces in enumerate((((TALL, 4), (BENT, 3), (TALL, 2), (LOW, 3)), ((TALL, 4),))):
        session = Session([planned])
        for t, pose in series(*pieces, fps=20.0, start=100.0 * index):
            session.update(t, Observation(pose))
            moments.update(replace(session.view, sets_begun=index), pose)
    found = moments.of("stand", "knees")
    assert found is not None
    assert (found.pose.px == BENT.px).all()


def shown(at: Watched) -> tuple[float, float, float] | None:
    return scene_of(at.session.view, "", TALL, PHRASES).seconds_by_verdict


def test_the_screen_shows_the_seconds_of_the_summary() -> None:
    """Also before the start, after the timer was stopped, and where nothing was repeated."""
    half = Watched(PlannedSet(LIFT, side="right", reps=3)).play((None, 3), (TALL, 4))
    hold = Watched(LONG).play((None, 3), (TALL, 4))
    hold.session.place_again()
    hold.play((None, 5), (TALL, 1))
    for at in (half, hold):
        line = at.line()
        assert shown(at) == pytest.approx((line.correct_s, line.wrong_s, line.cant_tell_s))
    assert hold.line().cant_tell_s == pytest.approx(8.0, abs=0.2)
    assert half.line().correct_s == 0.0


def test_a_rest_shows_no_fault() -> None:
    """The verdict is still that of the work."""
    at = Watched(LONG, HOLD).play((TALL, 4), (BENT, 3))
    assert scene_of(at.session.view, "", BENT, PHRASES).annotation is not None
    at.session.end_set(at.t, "hard")
    assert at.session.view.phase == "rest"
    assert scene_of(at.session.view, "", BENT, PHRASES).annotation is None


def test_repetitions_without_form_check_go_by_the_clock() -> None:
    """Nothing is counted, so neither the screen nor the summary says "0 of 3"."""
    at = Watched(PlannedSet(LIFT, side="right", reps=3, rest_s=1.0)).play((TALL, 4))
    at.session.uncheck()
    at.play((TALL, 2))
    left = at.session.view.seconds_left
    assert left is not None
    scene = scene_of(at.session.view, "", TALL, PHRASES)
    assert (scene.count, scene.unit) == (f"{math.ceil(left)}", PHRASES["unit_seconds_left"])
    assert 0.0 < scene.share < 1.0
    at.play((TALL, left + 0.2))
    assert at.session.view.phase == "done"
    assert reps_words(at.line(), PHRASES) == ""


def test_no_picture_is_kept() -> None:
    """The silhouette of the person goes; only joints stay."""
    line = Watched(LONG).play((TALL, 4), (painted(DEEP), 4), (TALL, 3)).line()
    assert line.worst is not None
    assert line.worst.pose.mask is None


def test_unseen_moments_are_no_faults() -> None:
    """Frames without a person are not remembered."""
    line = Watched(LONG).play((TALL, 4), (None, 5), (TALL, 3)).line()
    assert (line.worst, line.fault) == (None, "")


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.6, "1 s"), (59.4, "59 s"), (59.6, "1 min"), (120, "2 min"), (125.2, "2 min 5 s")],
)
def test_times_are_whole_seconds(seconds: float, words: str) -> None:
    """Rounded first, so that there is never a 60th second."""
    assert time_words(PHRASES, seconds) == words


def test_text_has_no_empty_row_of_seconds() -> None:
    """A kind of seconds that did not occur is not shown as 0."""
    text = "\n".join(text_lines(Watched(HOLD).play((TALL, 5)).summary(), PHRASES))
    assert "3 s correct" in text
    assert "can't tell" not in text
    assert "0 s" not in text


def test_text_tells_everything() -> None:
    """Name, headline, note, fault, tip, the worst value, the eased range and the notes."""
    watched = Watched(LONG).play((TALL, 4), (DEEP, 4), (TALL, 3))
    text = text_lines(
        watched.summary(eased={"stand"}, outcomes={"stand": "hard"}, extra=["Slept well."]), PHRASES
    )
    assert text[0] == "Morning"
    expected = {
        "Stand",
        "  Next time: Cue knees",
        "  Target made smaller today",
        "  An easier form may suit better",
        "Slept well.",
    }
    assert expected <= set(text)
    assert "  Farthest: about 100°, wanted 160° or more" in text
    assert any(row.startswith("  Say knees. Why knees. Seen for ") for row in text)
    assert text[-1] == PHRASES["sum_disclaimer"]


@pytest.mark.parametrize(
    ("pieces", "outcomes", "key"),
    [
        (((TALL, 5),), {}, "sum_head"),
        (((TALL, 5),), {"stand": "pain"}, "sum_head_pain"),
        (((None, 9),), {}, "sum_head_unseen"),
        ((), {}, "sum_head_nothing"),
    ],
)
def test_the_headline_is_kind_and_true(
    pieces: tuple[tuple[Pose | None, float], ...], outcomes: dict[str, str], key: str
) -> None:
    """Pain is honoured, and what was out of sight is not praised as done."""
    assert Watched(HOLD).play(*pieces).summary(outcomes=outcomes).headline == PHRASES[key]


def test_a_set_that_never_began_is_reported() -> None:
    """It has a line of its own, and no zeros."""
    assert "  not begun" in text_lines(summed(SetStats(HOLD)), PHRASES)
