"""A session without a camera: led by voice and clock, with everything "not checked"."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from led import PHRASES, LedSession, lead
from shipped import LIBRARY

from posecheck.coach.compose import led_scene
from posecheck.coach.summary import WorstMoments, summarise, text_lines
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.history_writer import HistoryWriter, SessionTitle
from posecheck.session.events import SetAnnounced, SetDone, WorkStarted
from posecheck.session.plan import PlannedSet, plan
from posecheck.session.safety import LEAD_UP_DOWN_S

KNEE, CAT = LIBRARY.exercises["knee_to_chest"], LIBRARY.exercises["cat_cow"]
SETS = (
    PlannedSet(KNEE, "left", 1, 2, hold_s=20.0, rest_s=6.0),
    PlannedSet(KNEE, "right", 2, 2, hold_s=20.0, rest_s=6.0),
    PlannedSet(CAT, reps=8, rest_s=6.0),
)


def done(*pieces: tuple[str, float], sets: tuple[PlannedSet, ...] = SETS) -> LedSession:
    """A session over these keys and waits, without a person in the picture."""
    return lead(sets, *pieces, watched=False, fps=5.0)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole() -> LedSession:
    return done(("", 300.0))


def test_every_set_runs_by_the_clock_to_the_end(whole: LedSession) -> None:
    """Holds for their time, repetitions for the time of a calm pace."""
    assert whole.last.session.phase == "done"
    assert len(whole.of(SetDone)) == 3
    hold, other, reps = (stats.unchecked_s for stats in whole.tally.sets)
    assert hold == pytest.approx(20.0, abs=0.5)
    assert other == pytest.approx(20.0, abs=0.5)
    assert 20.0 < reps < 120.0


def test_nothing_is_right_wrong_or_unknown(whole: LedSession) -> None:
    """Nor does any frame show a verdict."""
    for stats in whole.tally.sets:
        assert (stats.correct_s, stats.wrong_s, stats.cant_tell_s) == (0.0, 0.0, 0.0)
        assert stats.score is None
    shown = {led_scene(view, None, PHRASES).display_state for _, view in whole.views}
    assert shown == {"ready", "unchecked", "rest", "done"}


def test_the_user_gets_time_to_lie_down_and_hears_the_instructions_first(
    whole: LedSession,
) -> None:
    """Each set begins after its instructions, the first after the way down to the mat."""
    begun = whole.of(WorkStarted)
    assert begun[0] >= LEAD_UP_DOWN_S
    read = [t for t, cue in whole.cues if cue.voice in KNEE.instructions]
    assert len(read) == len(KNEE.instructions)
    assert max(read) < begun[0]
    assert begun[1] - whole.of(SetDone)[0] < 6.0 + 10.0, "the other side needs no long lead"
    first = led_scene(whole.at(1.0), None, PHRASES)
    assert first.unit == PHRASES["unit_begins"]
    assert not first.watched


def test_the_voice_says_all_that_a_user_needs(whole: LedSession) -> None:
    """Names, sides, doses, the start, the last seconds, rests and the end; and once, at the
    beginning, that nothing is checked."""
    said = [cue.voice for _, cue in whole.cues]
    assert said.count(PHRASES["no_camera_say"]) == 1
    assert len(whole.said("begin")) == 3
    assert not whole.said("unchecked")
    assert len(whole.said("left_5")) == 3
    assert any("your right" in voice for voice in said)
    assert any("8 repetitions" in voice for voice in said)
    assert whole.said("done")
    at_work = whole.of(WorkStarted)[2] + 10.0
    assert led_scene(whole.at(at_work), None, PHRASES).cue == "8 repetitions, at your own pace"


def test_a_pause_names_the_key_and_no_sign() -> None:
    """Arms in the air pause nothing without a camera."""
    led = done(("", 60.0), ("pause", 0.2), ("", 120.0))
    assert led.last.halted == "person"
    assert led.said("halt_clock")
    assert not led.said("halt_person")
    scene = led_scene(led.last, None, PHRASES)
    assert scene.detail == PHRASES["halt_clock_detail"]
    before = led.at(60.0).session.progress.unchecked_s
    assert led.last.session.progress.unchecked_s == pytest.approx(before, abs=0.5)


def test_after_a_pause_there_is_time_to_get_back() -> None:
    led = done(("", 60.0), ("pause", 0.2), ("", 20.0), ("pause", 0.2), ("", 3.0))
    assert led.last.halted == ""
    assert led.last.session.phase == "ready"


def test_pain_stops_it_too() -> None:
    """The same questions as with a camera."""
    led = done(("", 60.0), ("pain", 1.0), ("sharp", 10.0))
    assert led.tally.sets[0].unchecked_s < 40.0
    assert led.last.pain.step == "care"


def test_keys_skip_and_go_back() -> None:
    led = done(("", 5.0), ("skip", 1.0), ("skip", 1.0), ("back", 1.0))
    assert led.last.session.index == 1
    assert len(led.of(SetAnnounced)) == 4


def test_summary_and_history_say_not_checked(tmp_path: Path) -> None:
    """The record has the seconds of the screen, as not checked."""
    start = datetime(2026, 12, 1, 8, 0).astimezone()
    now = [0.0]
    path = tmp_path / "history.sqlite3"
    writer = HistoryWriter(path, lambda: start + timedelta(seconds=now[0]), lambda: now[0])
    sets = (replace(SETS[0], hold_s=6.0),)
    writer.begin(SessionTitle("Mat"), sets)

    def tick(t: float) -> None:
        now[0] = t

    led = lead(sets, ("", 60.0), watched=False, fps=1.0, history=writer, clock=tick)
    writer.end("done")
    (record,) = HistoryStore(path).history().sessions
    assert record.outcome == "done"
    assert record.score is None
    for kept, stats in zip(record.sets, led.tally.sets, strict=True):
        assert kept.unchecked_s == pytest.approx(stats.unchecked_s, abs=0.01)
        assert (kept.correct_s, kept.wrong_s, kept.cant_tell_s) == (0.0, 0.0, 0.0)
        assert kept.ranges == ()
    summary = summarise("Mat", led.tally.sets, WorstMoments(), PHRASES)
    assert summary.headline == PHRASES["sum_head_unchecked"]
    text = "\n".join(text_lines(summary, PHRASES))
    assert "not checked" in text
    assert "correct" not in text


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LIBRARY.routines))
def test_every_routine_reaches_its_end(name: str) -> None:
    """Without a person in the picture, and within twice its planned length."""
    routine = LIBRARY.routines[name]
    sets = plan(routine, LIBRARY.exercises)
    led = lead(sets, ("", 2.0 * routine.seconds + 60.0), watched=False, fps=1.0)
    assert led.last.session.phase == "done"
    assert all(stats.unchecked_s > 0 for stats in led.tally.sets)
