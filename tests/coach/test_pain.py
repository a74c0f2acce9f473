"""The pain flow as timelines: what is asked, what an answer leads to, and what silence means."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.coach.pain import PainAnswer, PainEffect, PainFlow, PainStep, PainView

Does = str
"""What a person does: "press", "close", or an answer."""

ANSWERS: dict[str, PainAnswer] = {
    "sharp": "sharp",
    "spreading": "spreading",
    "mild": "mild",
    "easing": "easing",
    "not_easing": "not_easing",
}


def do(flow: PainFlow, t: float, what: Does) -> None:
    if what == "press":
        flow.press(t)
    elif what == "close":
        flow.close(t)
    else:
        flow.answer(t, ANSWERS[what])


class Run:
    """A timeline at ten frames a second: what was done when; what was shown and decided."""

    def __init__(self, done: Mapping[float, Does], seconds: float = 60.0) -> None:
        flow = PainFlow()
        self.views: list[tuple[float, PainView]] = []
        self.effects: list[tuple[float, PainEffect]] = []
        rest = sorted(done.items())
        for frame in range(round(seconds * 10)):
            t = frame / 10
            while rest and rest[0][0] <= t:
                do(flow, *rest.pop(0))
            view, effects = flow.update(t)
            self.views.append((t, view))
            self.effects += [(t, effect) for effect in effects]

    def at(self, t: float) -> PainView:
        return max((v for v in self.views if v[0] <= t + 1e-9), key=lambda v: v[0])[1]

    @property
    def decided(self) -> list[PainEffect]:
        return [effect for _, effect in self.effects]

    @property
    def asked(self) -> list[float]:
        return [t for t, view in self.views if view.due]


def test_nothing_happens_by_itself() -> None:
    """Without a press there is nothing to show and nothing to do."""
    run = Run({})
    assert run.decided == []
    assert {view.step for _, view in run.views} == {""}


def test_a_press_pauses_at_once_and_asks() -> None:
    """The first update after the press says so."""
    run = Run({3.0: "press"}, 5.0)
    assert run.effects == [(3.0, "paused")]
    assert run.at(2.9).step == ""
    assert run.at(3.0).step == "asking"


@pytest.mark.parametrize("kind", ["sharp", "spreading"])
def test_sharp_or_spreading_pain_stops_the_exercise_and_shows_the_care_text(kind: str) -> None:
    """At once, and it counts as a pain stop."""
    run = Run({1.0: "press", 3.0: kind}, 10.0)
    assert run.effects == [(1.0, "paused"), (3.0, "stop_exercise")]
    assert run.at(3.0).step == "care"


def test_silence_after_the_first_question_is_sharp_pain() -> None:
    """A user who does not answer for 20 s is not fine."""
    run = Run({1.0: "press"}, 30.0)
    assert run.effects == [(1.0, "paused"), (21.0, "stop_exercise")]
    assert run.at(21.0).step == "care"


def test_the_care_text_stays_until_closed_or_read() -> None:
    """Closing it goes on with the session; so do 20 s."""
    closed = Run({1.0: "press", 2.0: "sharp", 8.0: "close"}, 30.0)
    assert (closed.at(7.9).step, closed.at(8.0).step) == ("care", "")
    left = Run({1.0: "press", 2.0: "sharp"}, 30.0)
    assert (left.at(21.9).step, left.at(22.0).step) == ("care", "")
    assert closed.decided == left.decided == ["paused", "stop_exercise"]


def test_mild_pain_gets_ten_seconds_and_two_questions() -> None:
    """The timer falls from ten to zero; "Easing?" is asked once at 5 s and once at 10 s."""
    run = Run({1.0: "press", 2.0: "mild"}, 16.0)
    assert run.at(2.0).step == "easing"
    assert run.at(2.0).left_s == pytest.approx(10.0)
    assert run.at(8.0).left_s == pytest.approx(4.0)
    assert run.at(14.0).left_s == 0.0
    assert run.asked == [pytest.approx(7.0), pytest.approx(12.0)]
    assert math.isnan(run.at(1.5).left_s)


def test_a_slow_stream_asks_late_rather_than_never() -> None:
    """A question that falls due between two updates is asked at the next one, once."""
    flow = PainFlow()
    flow.press(0.0)
    flow.answer(0.0, "mild")
    assert [flow.update(t)[0].due for t in (4.0, 6.5, 7.0, 12.0)] == [False, True, False, True]


@pytest.mark.parametrize("after_s", [5.0, 9.0, 14.0])
def test_pain_that_eases_resumes_with_eased_targets(after_s: float) -> None:
    """Yes counts from the first question until the last one has run out, and is no pain stop."""
    run = Run({1.0: "press", 2.0: "mild", 2.0 + after_s: "easing"}, 40.0)
    assert run.effects == [(1.0, "paused"), (2.0 + after_s, "resume_eased")]
    assert run.at(30.0).step == ""


def test_easing_is_not_believed_too_soon() -> None:
    """Before 5 s a yes is no answer: mild pain needs time to show what it does."""
    run = Run({1.0: "press", 2.0: "mild", 5.0: "easing"}, 10.0)
    assert run.at(9.0).step == "easing"
    assert run.decided == ["paused"]


@pytest.mark.parametrize("what", ["not_easing", "press"])
def test_pain_that_does_not_ease_stops_the_exercise_without_care_text(what: str) -> None:
    """Said in words or by pressing again, it counts at once."""
    run = Run({1.0: "press", 2.0: "mild", 8.0: what}, 20.0)
    assert run.effects == [(1.0, "paused"), (8.0, "stop_exercise")]
    assert run.at(8.0).step == ""


def test_silence_after_the_last_question_stops_the_exercise() -> None:
    """Five seconds after the 10 s question no answer is a no, without care text."""
    run = Run({1.0: "press", 2.0: "mild"}, 40.0)
    assert [effect for _, effect in run.effects] == ["paused", "stop_exercise"]
    assert run.effects[-1][0] == pytest.approx(17.0)
    assert "care" not in {view.step for _, view in run.views}


def test_mild_pain_that_turns_sharp_is_sharp() -> None:
    """Sharp or spreading is believed at any time."""
    run = Run({1.0: "press", 2.0: "mild", 4.0: "spreading"}, 20.0)
    assert run.effects[-1] == (4.0, "stop_exercise")
    assert run.at(4.0).step == "care"


@pytest.mark.parametrize(
    "second", [{30.0: "press", 31.0: "sharp"}, {30.0: "press", 31.0: "mild", 40.0: "not_easing"}]
)
def test_the_second_pain_stop_ends_the_session(second: Mapping[float, Does]) -> None:
    """Of whatever kind; after it nothing changes any more."""
    done = {1.0: "press", 2.0: "sharp", 9.0: "close", **second, 50.0: "press", 51.0: "mild"}
    run = Run(done, 80.0)
    assert run.decided == ["paused", "stop_exercise", "paused", "end_session"]
    assert run.at(79.0).step == "ended"


def test_a_key_pressed_twice_asks_once() -> None:
    """While the question stands a further press changes nothing, not even its time."""
    run = Run({1.0: "press", 1.2: "press", 15.0: "press"}, 30.0)
    assert run.effects == [(1.0, "paused"), (21.0, "stop_exercise")]


def test_answers_to_no_question_are_ignored() -> None:
    """Nothing was asked before the press, and a closed text cannot be closed."""
    run = Run({1.0: "sharp", 2.0: "easing", 3.0: "close", 4.0: "mild"}, 10.0)
    assert run.decided == []


def test_an_answer_after_its_time_is_too_late() -> None:
    """Silence has decided already, even when no update came between."""
    flow = PainFlow()
    flow.press(0.0)
    flow.answer(25.0, "mild")
    assert flow.update(25.0)[0].step == "care"


@pytest.mark.slow
@given(st.lists(st.tuples(st.floats(0.0, 8.0), st.sampled_from(["press", "close", *ANSWERS]))))
def test_only_the_answer_easing_resumes(actions: list[tuple[float, Does]]) -> None:
    """Whatever else is said or not said: no exercise is resumed without it, and pain stops and
    their effects agree."""
    flow, t = PainFlow(), 0.0
    decided: list[PainEffect] = []
    steps: list[PainStep] = []
    for wait_s, what in actions:
        t += wait_s
        do(flow, t, what)
        view, effects = flow.update(t)
        assert "resume_eased" not in effects or what == "easing"
        decided += effects
        steps.append(view.step)
    view, effects = flow.update(t + 60.0)
    decided += effects
    assert "resume_eased" not in effects
    stops = decided.count("stop_exercise") + decided.count("end_session")
    assert stops <= 2
    assert ("end_session" in decided) == (view.step == "ended") == (stops == 2)
    assert view.step in ("", "ended") or view.step == "care"
