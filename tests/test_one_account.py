"""One account: the window, the voice's counts, the summary and the stored history have the same
numbers, over every recording of a clip or of a real person."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from golden import RECORDINGS
from test_parity import PHRASES, case_of

from posecheck.coach.compose import SceneDwell, led_scene
from posecheck.coach.guide import Guide
from posecheck.coach.summary import WorstMoments, summarise
from posecheck.coach.tally import SessionStats
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.history_writer import HistoryWriter, SessionTitle
from posecheck.session.events import RepCounted

NEVER_RIGHT = ("placing", "ready", "unseen", "unchecked", "paused", "halted", "lost", "pain")
"""Display states of a set in which nothing right was seen yet."""


@pytest.mark.slow
@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_window_voice_summary_and_history_agree(path: Path, tmp_path: Path) -> None:
    """In every frame the seconds on the screen are those that are stored. Nothing is green before
    the first right form, and of repetitions before one is under way."""
    case = case_of(path)
    start, now = datetime(2026, 12, 1, 8, 0).astimezone(), [0.0]
    writer = HistoryWriter(
        tmp_path / "history.sqlite3", lambda: start + timedelta(seconds=now[0]), lambda: now[0]
    )
    writer.begin(SessionTitle("Clip"), [case.planned])
    guide = Guide([case.planned], PHRASES, case.level)
    stats, dwell, counted = SessionStats(), SceneDwell(), 0
    for t, observation in case.seen:
        now[0] = t
        update = guide.update(t, observation)
        view = guide.view
        stats.update(view.session.t, update.events, update.cues, view.session)
        writer.keep(update.events, view, stats.sets, guide.rests)
        scene = dwell.update(t, led_scene(view, observation.pose, PHRASES))
        told = stats.sets[-1]
        if scene.seconds_by_verdict is not None:
            account = (told.correct_s, told.wrong_s, told.cant_tell_s)
            assert scene.seconds_by_verdict == pytest.approx(account), f"at {t:.2f} s"
        counted += sum(isinstance(event, RepCounted) for event in update.events)
        if case.planned.exercise.category == "reps" and not view.session.unchecked:
            assert scene.count == str(view.session.progress.reps) == str(counted)
        if told.begun_s is None:
            assert scene.display_state in NEVER_RIGHT, f"at {t:.2f} s"
    writer.end("left")
    sessions = HistoryStore(tmp_path / "history.sqlite3").history().sessions
    (record,) = (each for session in sessions for each in session.sets)
    (set_stats,) = stats.sets
    (line,) = summarise("Clip", stats.sets, WorstMoments(), PHRASES).lines
    for part in ("correct_s", "wrong_s", "cant_tell_s", "unchecked_s"):
        shown = getattr(set_stats, part)
        assert getattr(record, part) == pytest.approx(shown, abs=0.006), part
        assert getattr(line, part) == pytest.approx(shown), part
    assert record.reps == line.reps == set_stats.progress.reps == counted
    assert dict(record.rejected) == dict(line.not_counted)
