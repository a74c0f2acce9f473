"""What the coach says and when, as timelines; and the language file it speaks from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from shipped import EXERCISES

from posecheck.coach.coach import Coach
from posecheck.coach.cues import Cue, spoken_s
from posecheck.coach.instructor import ENTRY_S, Instructor
from posecheck.coach.phrases import PHRASES
from posecheck.exercise import Camera, Dose, Exercise, HysteresisBand, Reps, Rule, Severity
from posecheck.io.paths import data_folder
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.problems import RoutineError
from posecheck.session.events import (
    Event,
    FaultCleared,
    RepCounted,
    RepRejected,
    Resumed,
    SessionDone,
    SetAnnounced,
    SetDone,
    StateChanged,
    WorkStarted,
)
from posecheck.session.form import NOT_SEEN, Form, Verdict
from posecheck.session.plan import PlannedSet
from posecheck.session.progress import Progress
from posecheck.session.session import SessionView
from posecheck.session.start import StartBlocker

PHRASES_EN = load_phrases("en")
STEP = 0.1


def rule(name: str, level: Severity = "must", **more: object) -> Rule:
    made = Rule(
        name, "trunk_incl", level, "alignment", "A", 5, 0.8, f"Cue {name}", f"Say {name}.", max=10
    )
    return replace(made, **more)  # type: ignore[arg-type]


EXERCISE = Exercise(
    "bow", "Bow (slowly)", "core", "hold", "full", "standing", "each", ("Bow.",),
    Dose(1, 10, hold_s=30), "Be kind.", side_means="the front leg", easier="Bow less.",
    camera=Camera("side", "Stand side-on.", (1, 1), (2, 3)),
    rules=(rule("advice", "advice"), rule("first"), rule("second"), rule("gate", "gate"),
           rule("stop", "stop"), rule("vague", accuracy="C")),
)  # fmt: skip
TASK = PlannedSet(EXERCISE, "left", hold_s=30.0, rest_s=10.0)
OTHER = PlannedSet(EXERCISE, "right", hold_s=30.0, rest_s=10.0)


def verdict(*faults: str, form: Form | None = None) -> Verdict:
    return Verdict(frozenset(faults), faults, (), True, form or ("wrong" if faults else "right"))


def view(seen: Verdict = verdict(), planned: PlannedSet = TASK, **more: object) -> SessionView:  # noqa: B008
    made = SessionView(0.0, "work", planned, 0, Progress("active"), seen, {})
    return replace(made, **more)  # type: ignore[arg-type]


class Timeline:
    """A coach that gets one view for a number of seconds; what it said, and when."""

    def __init__(self, *planned_sets: PlannedSet, led: bool = False) -> None:
        self.coach = Coach(PHRASES_EN, Instructor(PHRASES_EN)) if led else Coach(PHRASES_EN)
        self.planned_sets = planned_sets
        self.t = 0.0
        self.said: list[tuple[float, Cue]] = []
        self.screens: list[tuple[float, str]] = []

    def play(self, seen: SessionView, seconds: float = STEP, *events: Event) -> list[str]:
        before = len(self.said)
        for _ in range(round(seconds / STEP)):
            now = replace(seen, t=self.t, planned_sets=self.planned_sets)
            cues = self.coach.update(self.t, events, now)
            self.said += [(round(self.t, 1), cue) for cue in cues]
            if not self.screens or self.screens[-1][1] != self.coach.screen:
                self.screens.append((round(self.t, 1), self.coach.screen))
            events = ()
            self.t += STEP
        return [cue.voice for _, cue in self.said[before:]]

    def times(self, voice: str) -> list[float]:
        return [t for t, cue in self.said if cue.voice == voice]


def apart(times: list[float]) -> Iterator[float]:
    return (b - a for a, b in pairwise(times))


@pytest.mark.parametrize(
    ("name", "after"), [("stop", 0.0), ("gate", 1.2), ("first", 1.2), ("advice", 2.5)]
)
def test_a_fault_must_last_before_it_is_spoken(name: str, after: float) -> None:
    line = Timeline()
    line.play(view(verdict(name)), 4.0)
    assert line.times(f"Say {name}.")[0] == pytest.approx(after, abs=1.5 * STEP)


def test_a_short_fault_is_not_spoken() -> None:
    line = Timeline()
    assert line.play(view(verdict("first")), 1.1) == []
    assert line.play(view(), 5.0) == []


@pytest.mark.parametrize(
    ("faults", "spoken"),
    [
        (("advice", "first"), "first"),
        (("second", "first"), "first"),
        (("first", "gate"), "gate"),
        (("gate", "stop"), "stop"),
    ],
)
def test_the_most_important_fault_speaks_alone(faults: tuple[str, ...], spoken: str) -> None:
    line = Timeline()
    assert set(line.play(view(verdict(*faults)), 12.0)) == {f"Say {spoken}."}
    assert line.coach.screen == f"Cue {spoken}"


def test_a_correction_is_spoken_thrice_then_the_easier_way_then_the_next_fault() -> None:
    line = Timeline()
    line.play(view(verdict("first", "second")), 60.0)
    assert len(line.times("Say first.")) == 3
    assert all(gap >= 8.0 - 1e-6 for gap in apart(line.times("Say first.")))
    (easier,) = line.times("An easier way: Bow less.")
    assert easier - line.times("Say first.")[-1] >= 8.0 - 1e-6
    assert line.times("Say second.")[0] > easier
    assert len(line.times("Say second.")) == 3


def test_a_fault_of_an_indirect_metric_is_spoken_twice() -> None:
    line = Timeline()
    line.play(view(verdict("vague")), 60.0)
    assert len(line.times("Say vague.")) == 2


def test_a_stop_is_never_worn_out_and_comes_first() -> None:
    line = Timeline()
    line.play(view(verdict("first")), 2.0)
    line.play(view(verdict("first", "stop")), 40.0)
    stops = line.times("Say stop.")
    assert stops[0] == pytest.approx(2.0)
    assert len(stops) == 5
    assert all(cue.urgent for _, cue in line.said if cue.voice == "Say stop.")


def test_two_corrections_keep_four_seconds_apart() -> None:
    line = Timeline()
    line.play(view(verdict("first")), 1.5)
    line.play(view(), 0.5)
    line.play(view(verdict("second")), 6.0)
    assert line.times("Say second.")[0] - line.times("Say first.")[0] >= 4.0 - 1e-6


def corrected(line: Timeline) -> list[str]:
    line.play(view(verdict("first")), 2.0)
    return line.play(view(), 1.0, FaultCleared(EXERCISE.rules[1]))


def test_a_followed_correction_is_praised_but_not_often() -> None:
    line = Timeline()
    line.play(view(), STEP, StateChanged("ready", "active"))
    line.play(view(), 2.0)
    assert corrected(line) == ["That's it."]
    line.play(view(), 6.0)
    assert corrected(line) == []  # nine seconds later
    line.play(view(), 10.0)
    assert corrected(line) == ["That's it."]


def test_leaving_the_pose_is_not_praised() -> None:
    line = Timeline()
    line.play(view(), STEP, StateChanged("ready", "active"))
    line.play(view(verdict("first")), 4.0)
    left = view(verdict("gate"), progress=Progress("paused"))
    assert "That's it." not in line.play(left, 4.0, FaultCleared(EXERCISE.rules[1]))


def test_a_hold_is_counted_down() -> None:
    line = Timeline()
    for tenth in range(300):
        line.play(view(progress=Progress("active", held_s=tenth / 10)))
    counted = [(t, cue.text) for t, cue in line.said if cue.kind == "count"]
    assert counted == [(15.0, "Halfway"), (20.0, "10 seconds left"), (25.0, "5 seconds left")]


def test_a_short_hold_is_counted_once() -> None:
    line = Timeline()
    planned = replace(TASK, hold_s=10.0)
    for tenth in range(100):
        line.play(view(planned=planned, progress=Progress("active", held_s=tenth / 10)))
    assert [cue.voice for _, cue in line.said] == ["Five."]


def test_an_open_end_is_not_counted() -> None:
    line = Timeline()
    planned = replace(TASK, hold_s=None, exercise=replace(EXERCISE, group="upper"))
    for second in range(90):
        line.play(view(planned=planned, progress=Progress("active", held_s=second)), 1.0)
    assert line.said == []


def test_breathing_is_said_every_fifteen_seconds_of_a_core_hold() -> None:
    line = Timeline()
    line.play(view(), STEP, StateChanged("ready", "active"))
    line.play(view(), 50.0)
    assert line.times("Keep breathing.") == pytest.approx([15.0, 30.0, 45.0], abs=2 * STEP)


COUNTED = replace(
    EXERCISE,
    category="reps",
    reps=Reps(
        "trunk_incl",
        HysteresisBand(1, 2),
        HysteresisBand(4, 3),
        1,
        5,
        too_small="Bow a little deeper",
    ),
)


@pytest.mark.parametrize(
    ("event", "voice"),
    [
        (RepCounted(3), "3"),
        (RepRejected("too_small"), "Bow a little deeper."),
        (RepRejected("too_fast"), "Move more slowly."),
        (RepRejected("too_short"), "Stay a moment longer."),
        (RepRejected("bad_form"), "Keep your form all the way."),
    ],
)
def test_a_repetition_is_numbered_or_its_reason_said(event: Event, voice: str) -> None:
    line = Timeline()
    assert line.play(view(planned=PlannedSet(COUNTED, reps=5)), STEP, event) == [voice]


@pytest.mark.parametrize(
    ("seen", "start", "shown"),
    [
        (view(NOT_SEEN, blind="nobody"), "I can't see anyone.", "Step into the picture"),
        (view(NOT_SEEN, blind="someone_else"), "I see someone else.", "One person, please"),
        (
            view(NOT_SEEN, blind="view"),
            "Turn side-on to the camera. Stand side-on.",
            "Turn side-on to the camera",
        ),
        (
            view(NOT_SEEN, parts=("knee", "foot")),
            "I can't see your knee and foot.",
            "I can't see your knee and foot",
        ),
    ],
)
def test_what_cannot_be_seen_is_said_patiently(seen: SessionView, start: str, shown: str) -> None:
    line = Timeline()
    line.play(view(), 3.0)
    line.play(seen, 20.0)
    times = [t for t, _ in line.said]
    assert times == pytest.approx([4.5, 12.5, 20.5], abs=2 * STEP)
    assert all(cue.voice.startswith(start) for _, cue in line.said)
    assert line.coach.screen == shown
    assert line.play(view(), 3.0) == ["I can see you again."]


def test_a_restless_person_is_asked_to_keep_still() -> None:
    """Said while the neutral cannot be learnt. A user in sight is not reported as seen again."""
    line = Timeline()
    line.play(view(NOT_SEEN, phase="ready", learning=True), 3.0)
    assert [cue.text for _, cue in line.said] == ["Keep still for a moment"]
    assert line.play(view(), 3.0) == []


def test_a_blink_of_the_camera_is_not_mentioned() -> None:
    line = Timeline()
    for _ in range(10):
        line.play(view(NOT_SEEN, blind="nobody"), 1.3)
        line.play(view(), 1.0)
    assert line.said == []


def test_a_session_is_announced_from_start_to_end() -> None:
    line = Timeline(TASK, OTHER)
    resting = view(phase="rest", rest_s=5.0)
    assert line.play(view(phase="ready"), 5.0, SetAnnounced(0)) == [
        "Bow. The front leg: your left. Hold 30 seconds."
    ]
    assert line.play(view(), 2.0, StateChanged("ready", "active")) == ["Hold it there."]
    assert line.play(resting, 5.0, SetDone(0)) == ["Rest. Next: your right."]
    second = view(planned=OTHER, phase="ready")
    assert line.play(second, 5.0, SetAnnounced(1)) == [
        "Other side. The front leg: your right. Hold 30 seconds."
    ]
    done = view(planned=OTHER, phase="done")
    assert line.play(done, 1.0, SetDone(1), SessionDone()) == ["All done. Well done."]


def test_each_direction_is_announced() -> None:
    """Shoulder rolls once said "Once more" before the set in the other direction."""
    ways = replace(COUNTED, sides="none", side_means="", way=("forwards", "backwards"))
    sets = [PlannedSet(ways, None, n, 3, reps=5, rest_s=10.0) for n in (1, 2, 3)]
    line = Timeline(*sets)
    said = []
    for index, planned in enumerate(sets):
        said += line.play(view(planned=planned, phase="ready"), 5.0, SetAnnounced(index))
        resting = view(planned=planned, phase="rest", rest_s=5.0, index=index)
        said += line.play(resting, 5.0, SetDone(index))
    assert said[:4] == [
        "Bow. Forwards. 5 repetitions.",
        "Rest. Next: backwards.",
        "The other way: backwards. 5 repetitions.",
        "Rest. Next: forwards.",
    ]


def test_what_no_camera_can_check_is_said_once_and_never_judged() -> None:
    line = Timeline()
    timer = replace(EXERCISE, category="timer", check="none", camera=None, rules=())
    seen = view(NOT_SEEN, planned=PlannedSet(timer), blind="nobody", unchecked=True)
    said = line.play(seen, 20.0, WorkStarted())
    assert said == ["I can't check this one. Follow the steps and take your time."]


def test_corrections_wait_for_the_announcement() -> None:
    line = Timeline()
    line.play(view(verdict("first")), 8.0, SetAnnounced(0))
    assert line.times("Say first.")[0] >= spoken_s(line.said[0][1].voice)


def test_each_cue_of_one_frame_is_shown() -> None:
    """They are said one after the other, and shown so."""
    line = Timeline(TASK)
    line.play(view(), 1.0)
    line.play(view(), 8.0, RepCounted(3), StateChanged("ready", "active"))
    shown = [text for _, text in line.screens]
    first, second = PHRASES_EN["rep"].format(count=3), PHRASES_EN["hold"]
    assert first in shown
    assert second in shown[shown.index(first) :]


def test_the_screen_does_not_flicker() -> None:
    line = Timeline()
    line.play(view(), STEP, StateChanged("ready", "active"))
    for _ in range(100):
        line.play(view(verdict("first")), 0.2)
        line.play(view(), 0.2)
    assert len(line.screens) > 5
    assert all(gap >= 0.7 - 1e-6 for gap in apart([t for t, _ in line.screens]))


@pytest.mark.slow
def test_the_coach_can_speak_for_every_shipped_exercise() -> None:
    for exercise in EXERCISES.values():
        planned = PlannedSet(exercise, "left" if exercise.sides == "each" else None, hold_s=30.0)
        line = Timeline()
        line.play(view(planned=planned), 3.0, SetAnnounced(0))
        for each in exercise.rules:
            line.play(view(verdict(each.id), planned=planned), 10.0)
        assert all("  " not in cue.voice and "{" not in cue.voice for _, cue in line.said)


# --- a led user ---------------------------------------------------------------------------------

LONG = replace(EXERCISE, id="long", instructions=("Begin so.", "Then do it.", "And breathe."))
LED = PlannedSet(LONG, "left", hold_s=30.0, rest_s=10.0)
FLOOR = replace(LED, exercise=replace(LONG, id="floor", position="supine"))
WAITING = Progress("ready")


def preparing(
    start_blocker: StartBlocker, planned: PlannedSet = LED, **more: object
) -> SessionView:
    return view(
        NOT_SEEN,
        planned=planned,
        phase="ready",
        progress=WAITING,
        start_blocker=start_blocker,
        **more,
    )


def entering(*faults: str) -> SessionView:
    return view(verdict(*faults), planned=LED, progress=WAITING)


def test_a_user_in_place_hears_nothing_of_the_camera() -> None:
    """The camera's hint is read before the instructions, to a user who is out of place."""
    placed, elsewhere = Timeline(LED, led=True), Timeline(LED, led=True)
    placed.play(preparing("still"), 12.0, SetAnnounced(0))
    elsewhere.play(preparing("posture"), 12.0, SetAnnounced(0))
    assert placed.times("Stand side-on.") == []
    (hint,) = elsewhere.times("Stand side-on.")
    assert hint < elsewhere.times("Begin so.")[0]


def test_a_camera_that_stays_is_not_spoken_of_again() -> None:
    """The next exercise has the same view from the same height."""
    line = Timeline(LED, FLOOR, led=True)
    line.play(preparing("posture"), 20.0, SetAnnounced(0))
    line.play(preparing("posture", FLOOR), 20.0, SetAnnounced(1))
    assert len(line.times("Stand side-on.")) == 1


def test_the_movement_is_explained_in_the_start_position() -> None:
    """Before that only the first sentence is read. A user asked for a key is not instructed."""
    line = Timeline(FLOOR, led=True)
    said = line.play(preparing("posture", FLOOR), 30.0, SetAnnounced(0))
    assert said[-4:] == ["Begin so.", *["Lie on your back."] * 3]
    assert not line.coach.instructing
    said = line.play(preparing("still", FLOOR), 4.0)
    assert said == ["Be kind.", "Then do it.", "And breathe."]


def test_nothing_is_explained_to_an_empty_room() -> None:
    """Only where the camera belongs: a user who puts it there is out of the picture."""
    line = Timeline(LED, led=True)
    line.play(preparing("nobody", blind="nobody"), 20.0, SetAnnounced(0))
    assert line.times("Stand side-on.")
    assert line.times("Begin so.") == []


def test_nobody_is_corrected_on_the_way_into_the_pose() -> None:
    """First the words, then time to follow them; a stop does not wait."""
    line = Timeline(LED, led=True)
    line.play(entering("first"), 9.5, SetAnnounced(0))
    end = line.times("And breathe.")[0] + spoken_s("And breathe.")
    assert line.times("Say first.") == []
    line.play(entering("first"), 6.0)
    assert line.times("Say first.")[0] >= end + ENTRY_S - STEP
    hurting = Timeline(LED, led=True)
    assert hurting.play(entering("stop"), STEP, SetAnnounced(0))[0] == "Say stop."


def test_what_is_said_on_the_way_in_is_not_counted() -> None:
    """The corrections of the hold itself are not worn out by it."""
    line = Timeline(LED, led=True)
    line.play(entering("first"), 60.0, SetAnnounced(0))
    before = len(line.times("Say first."))
    line.play(view(planned=LED), 9.0, StateChanged("ready", "active"))
    line.play(view(verdict("first"), planned=LED, progress=Progress("paused", held_s=9.0)), 3.0)
    assert before == 3
    assert len(line.times("Say first.")) == 4


def test_the_word_to_begin_is_for_a_user_who_has_not_begun() -> None:
    """A user in the pose hears to hold it, and nothing else."""
    late, early = Timeline(LED, led=True), Timeline(LED, led=True)
    for line in (late, early):
        line.play(preparing("still"), 10.0, SetAnnounced(0))
        line.play(entering(), 0.8, WorkStarted())
    early.play(view(planned=LED, progress=Progress("active", held_s=0.1)), 5.0,
               StateChanged("ready", "active"))  # fmt: skip
    late.play(entering(), 5.0)
    assert early.times("You can begin.") == []
    assert len(late.times("You can begin.")) == 1


def test_reminders_become_rarer_but_never_end() -> None:
    """Eight seconds apart at first, then eleven."""
    line = Timeline(led=True)
    line.play(preparing("posture", OTHER), 60.0)
    assert list(apart(line.times("Stand up tall."))) == pytest.approx([8, 8, 11, 11, 11], abs=0.2)


def test_another_trouble_is_reported_soon() -> None:
    """It does not wait until the trouble before could be repeated."""
    line = Timeline(led=True)
    line.play(preparing("posture", OTHER), 2.0)
    line.play(preparing("nobody", OTHER, blind="nobody"), 5.0)
    assert line.times("I can't see anyone. Please step into the picture.") == [
        pytest.approx(5.5, abs=0.2)
    ]


def test_a_user_who_has_got_into_place_hears_it() -> None:
    """A word of praise where no instruction follows; what was in sight is not seen again."""
    line = Timeline(led=True)
    line.play(preparing("posture", OTHER), 3.0)
    assert line.play(preparing("still", OTHER), 3.0) == ["That's it."]


def test_a_user_who_comes_back_hears_only_that_it_goes_on() -> None:
    """The guide has said it: no word of being seen again."""
    line = Timeline(LED, led=True)
    gone = view(NOT_SEEN, planned=LED, blind="nobody", progress=Progress("unseen", held_s=3.0))
    line.play(gone, 5.0)
    assert line.play(view(planned=LED), 4.0, Resumed()) == []


def test_the_rest_tells_how_to_lie_next() -> None:
    """Only where that changes: there is time to move."""
    resting = view(phase="rest", rest_s=5.0)
    lying, standing = Timeline(LED, FLOOR, led=True), Timeline(TASK, OTHER, led=True)
    assert lying.play(resting, 5.0, SetDone(0)) == ["Rest. Next: Bow.", "Lie on your back."]
    assert standing.play(resting, 5.0, SetDone(0)) == ["Rest. Next: your right."]


# --- the language file --------------------------------------------------------------------------

UNKIND = ("bad posture", "damage", "mirror", "wrong")


@pytest.mark.parametrize("path", sorted((data_folder("routines") / "lang").glob("*.toml")))
def test_a_shipped_language_is_whole_and_kind(path: Path) -> None:
    """What is said about files and cameras may call them damaged; a body is never called so."""
    phrases = load_phrases(path.stem)
    assert phrases.keys() == PHRASES.keys()
    about_bodies = [text for key, text in phrases.items() if not key.startswith("error_")]
    assert not [text for text in about_bodies for word in UNKIND if word in text.lower()]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('nobody = "Step into the picture"', "", "en.toml:1: nobody: is missing"),
        ('praise = "That\'s it"', "praise = 3", "praise: must be a text"),
        ('praise = "That\'s it"', 'praise = "{who}"', "praise: unknown word {who}; known: none"),
        ('start = "{name}"', 'start = "Now"', "start: the word {name} is missing"),
        ('start = "{name}"', 'start = "{name"', "start: braces do not match"),
        ('start = "{name}"', 'start = "{name.real}"', "start: braces may hold only a word"),
        ('start = "{name}"', 'start = "{name!r}"', "start: braces may hold only a word"),
        ('praise = "That\'s it"', 'prase = "Yes"', "prase: unknown phrase; did you mean 'praise'?"),
    ],
)
def test_a_language_file_is_refused_with_its_mistakes(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    shipped = (data_folder("routines") / "lang" / "en.toml").read_text(encoding="utf-8")
    assert f"\n{old}\n" in shipped
    text = shipped.replace(f"\n{old}\n", f"\n{new}\n", 1)
    (tmp_path / "en.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RoutineError) as caught:
        load_phrases("en", tmp_path)
    assert any(problem in line for line in caught.value.problems)


@pytest.mark.parametrize("code", ["xx", "", "../en", "EN"])
def test_an_unknown_language_is_refused(code: str) -> None:
    with pytest.raises(RoutineError, match="There is no language"):
        load_phrases(code)
