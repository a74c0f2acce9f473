"""The history of sessions: written as they happen, on a real disk, by the coach's own account."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bodies import Figure, Leg
from led import BOW, STAND, STRAIGHT, hold, lead, leaning
from remembered import NINE, TITLE, TWO_SETS, Clock, remember, writer

from posecheck.coach.summary import WorstMoments, summarise
from posecheck.commands.demo_history import fill
from posecheck.history.ladder import Chosen
from posecheck.history.past import past_session
from posecheck.history.plan_values import PlanChoice
from posecheck.history.records import Feeling, History, SessionRecord
from posecheck.io.output import OutputError
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.store.database import MEMORY, Database, migrate
from posecheck.io.store.history import HISTORY_FILE, WHAT, HistoryStore
from posecheck.io.store.history_schema import STEPS
from posecheck.session.plan import PlannedSet

TESTS = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("POSECHECK_TEST_HISTORY_KILLS", "10"))
"""How often a writing program is killed. 200 take four minutes on a quiet machine."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / HISTORY_FILE


@pytest.fixture
def store(path: Path) -> Iterator[HistoryStore]:
    with closing(HistoryStore(path)) as store:
        yield store


def read(path: Path) -> History:
    with closing(HistoryStore(path)) as store:
        return store.history()


def only(path: Path) -> SessionRecord:
    (session,) = read(path).sessions
    return session


def record(began: datetime = NINE, uid: str = "a") -> SessionRecord:
    return SessionRecord(uid, began, "Lower back", "lower_back", "session", 2, "done")


# --- one account --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_session_is_kept_with_the_numbers_of_its_summary(path: Path) -> None:
    """Screen, summary and history have the same seconds, faults and outcomes."""
    led, history = remember(
        path, (STRAIGHT, 16.0), (leaning(20.0), 6.0), (leaning(47.0), 25.0), (STRAIGHT, 4.0)
    )
    session = only(path)
    assert (session.outcome, history.problem) == ("done", "")
    assert (session.name, session.routine, session.level) == ("Lower back", "lower_back", 2)
    assert [each.exercise for each in session.planned] == ["stand", "bow"]
    assert [each.outcome for each in session.sets] == ["done", "done"]
    summary = summarise("", led.tally.sets, WorstMoments(), load_phrases("en"))
    for part in ("correct_s", "wrong_s", "cant_tell_s", "unchecked_s"):
        total = sum(getattr(each, part) for each in session.sets)
        assert total == pytest.approx(getattr(summary, part), abs=0.02), part
    assert session.seconds == pytest.approx(sum(s.seconds for s in led.tally.sets), abs=0.02)
    assert session.correct_s > 10
    faults = {fault.rule: fault.seconds for fault in session.sets[1].faults}
    counted = {key: fault.seconds for key, fault in led.tally.sets[1].faults.items()}
    assert faults == pytest.approx(counted, abs=0.01)
    assert session.began == NINE


@pytest.mark.slow
def test_the_best_five_seconds_of_a_hold_are_kept_with_their_error(path: Path) -> None:
    """A deeper second does not count; five of them do. The error is that of biomechanics 5.3."""
    pieces = ((STRAIGHT, 14.0), (leaning(44.0), 8.0), (leaning(60.0), 1.0), (leaning(50.0), 20.0))
    remember(path, *pieces, sets=[hold(BOW, 24.0)])
    (best,) = only(path).sets[0].ranges
    assert (best.metric, best.unit, best.kind, best.rises) == ("trunk_incl", "deg", "hold", True)
    assert best.value == pytest.approx(50.0, abs=1.5)
    assert best.band == 8.0


def test_no_range_is_kept_that_was_reached_out_of_line(path: Path) -> None:
    """Bending the knees to come lower is not range."""
    bent = Figure(facing=90.0, incl=60.0, left_leg=Leg(60, 60), right_leg=Leg(60, 60)).pose()
    remember(path, (STRAIGHT, 14.0), (bent, 12.0), sets=[hold(BOW, 24.0)])
    assert only(path).sets[0].ranges == ()


def test_a_pain_is_kept_with_its_kind_and_its_end(path: Path) -> None:
    """Mild and eased, then sharp: the exercise ends."""
    remember(
        path, (STRAIGHT, 16.0), ("pain", 1.0), ("mild", 7.0), ("easing", 4.0), (STRAIGHT, 4.0),
        ("pain", 1.0), ("sharp", 2.0), ("close", 3.0), sets=[hold(STAND, 40.0), hold(BOW, 8.0)],
    )  # fmt: skip
    history = read(path)
    told = [(f.moment, f.exercise, f.kind, f.end) for f in history.feelings]
    assert told == [("during", "stand", "mild", "eased"), ("during", "stand", "sharp", "stopped")]
    assert history.sessions[0].sets[0].outcome == "pain"
    assert history.sessions[0].pain_stop


def test_a_set_that_is_left_out_is_not_called_done(path: Path) -> None:
    remember(path, (STRAIGHT, 12.0), ("skip", 0.1), (STRAIGHT, 3.0), sets=[hold(seconds=30.0)] * 2)
    session = only(path)
    assert [each.outcome for each in session.sets] == ["skipped", "left"]
    assert session.outcome == "left"


def test_a_set_without_a_rest_after_it_keeps_its_own_end(path: Path) -> None:
    """The next set begins in the same moment."""
    sets = [PlannedSet(STAND, hold_s=2.0, rest_s=0.0), PlannedSet(STAND, hold_s=2.0, rest_s=0.0)]
    remember(path, (STRAIGHT, 30.0), sets=sets)
    assert [each.outcome for each in only(path).sets] == ["done", "done"]


def test_a_session_whose_camera_did_not_open_is_none(path: Path) -> None:
    history = writer(path, Clock())
    history.begin(TITLE, TWO_SETS)
    history.end("error")
    assert not path.exists()


# --- written as it happens ----------------------------------------------------------------------


def test_at_no_moment_more_than_a_second_is_missing(path: Path) -> None:
    """A second program reads after every frame what a kill at that moment would leave."""
    clock = Clock()
    missing: list[float] = []

    def look(t: float) -> None:
        clock.set(t)
        if path.exists():
            with closing(sqlite3.connect(path)) as db:
                (stored,) = db.execute("SELECT total(seconds) FROM sets").fetchone()
            missing.append(t - stored)

    history = writer(path, clock)
    history.begin(TITLE, [hold(STAND, 60.0)])
    lead([hold(STAND, 60.0)], (STRAIGHT, 14.0), history=history, clock=look)
    assert len(missing) > 270
    assert 0.9 <= max(missing) <= 1.1


WRITING = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from led import STRAIGHT, hold, lead
from remembered import Clock, TITLE, writer
clock = Clock()
progress = open(sys.argv[3], "r+b", buffering=0)
def tick(t):
    clock.set(t)
    progress.seek(0)
    progress.write(b"%12.4f" % t)
history = writer(Path(sys.argv[2]), clock)
history.begin(TITLE, [hold(seconds=3000.0)])
lead([hold(seconds=3000.0)], (STRAIGHT, 3000.0), history=history, clock=tick)
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_program_loses_at_most_the_last_second(tmp_path: Path) -> None:
    """Killed at any moment; the store opens without a remark, and goes on."""
    path, progress = tmp_path / HISTORY_FILE, tmp_path / "progress"
    dice = random.Random(14)
    for number in range(KILLS):
        progress.write_bytes(b"%12.4f" % 0.0)
        run = subprocess.Popen([sys.executable, "-c", WRITING, TESTS, path, progress])
        until = 1.0 + dice.uniform(0.0, 40.0)
        deadline = time.monotonic() + 60
        while float(progress.read_bytes() or 0) < until and time.monotonic() < deadline:
            with suppress(subprocess.TimeoutExpired):
                run.wait(0.01)
        run.send_signal(signal.SIGKILL)
        run.wait()
        reached = float(progress.read_bytes())
        assert reached >= until, "the program did not get so far"
        with closing(HistoryStore(path)) as store:
            assert store.remark == ""
            sessions = store.history().sessions
        assert len(sessions) == number + 1
        assert sessions[-1].outcome == "running"
        assert reached - sessions[-1].seconds <= 1.1


FULL = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from led import STRAIGHT, hold, lead
from remembered import Clock, TITLE, writer
clock = Clock()
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
again = float(sys.argv[3])
def tick(t):
    clock.set(t)
    if 12.0 <= t < 12.05:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    if again <= t < again + 0.05:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
history = writer(Path(sys.argv[2]), clock)
sets = [hold(seconds=3.0), hold(seconds=3.0), hold(seconds=3.0)]
history.begin(TITLE, sets)
lead(sets, (STRAIGHT, 60.0), history=history, clock=tick)
history.end("left")
print(history.problem)
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("again", [30.0, 1000.0])
def test_a_full_disk_never_ends_a_session(tmp_path: Path, again: float) -> None:
    """What was kept before stays. Once there is room again, nothing is missing; else a sentence
    says what to do."""
    path = tmp_path / HISTORY_FILE
    run = subprocess.run(
        [sys.executable, "-c", FULL, TESTS, path, str(again)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    session = only(path)
    if again == 30.0:
        assert run.stdout.strip() == ""
        assert (session.outcome, len(session.sets)) == ("done", 3)
        assert all(each.outcome == "done" for each in session.sets)
    else:
        assert "not in your history from here on" in run.stdout
        assert "Free some space" in run.stdout
        assert session.outcome == "running"
        assert 9.0 <= session.seconds <= 13.0


def test_two_programs_write_at_the_same_time(path: Path) -> None:
    """Two sessions whose frames alternate; both are whole."""
    clocks = Clock(), Clock()
    writers = [writer(path, clock) for clock in clocks]
    for each in writers:
        each.begin(TITLE, [hold(STAND, 3.0)])

    def tick(t: float) -> None:
        clocks[0].set(t)
        if t == 0.0:
            clocks[1].set(t)
            lead([hold(STAND, 3.0)], (STRAIGHT, 20.0), history=writers[1], clock=clocks[1].set)

    lead([hold(STAND, 3.0)], (STRAIGHT, 20.0), history=writers[0], clock=tick)
    for each in writers:
        each.end("left")
    sessions = read(path).sessions
    assert [s.outcome for s in sessions] == ["done", "done"]
    assert sessions[0].sets == sessions[1].sets


def test_a_session_waits_for_another_program_and_catches_up(path: Path) -> None:
    """Another program holds the file for ten seconds: nothing is lost."""
    with closing(HistoryStore(path)):
        pass
    clock = Clock()
    history = writer(path, clock)
    history.begin(TITLE, [hold(STAND, 12.0)])
    held = sqlite3.connect(path, isolation_level=None)

    def tick(t: float) -> None:
        clock.set(t)
        if abs(t - 12.0) < 0.01:
            held.execute("BEGIN IMMEDIATE")
        if abs(t - 16.0) < 0.01:
            assert history.problem
            held.execute("ROLLBACK")

    lead([hold(STAND, 12.0)], (STRAIGHT, 40.0), history=history, clock=tick)
    history.end("left")
    held.close()
    assert history.problem == ""
    assert only(path).sets[0].correct_s == pytest.approx(12.0, abs=0.2)


def test_a_clock_that_jumps_changes_no_seconds(path: Path) -> None:
    """Seconds come from the frames; the wall clock names only the day on which it began."""
    clock = Clock()
    history = writer(path, clock)
    history.begin(TITLE, [hold(STAND, 6.0)])

    def tick(t: float) -> None:
        clock.set(t)
        clock.jump = timedelta(days=-400) if t > 8.0 else timedelta()

    lead([hold(STAND, 6.0)], (STRAIGHT, 30.0), history=history, clock=tick)
    session = only(path)
    assert (session.began, session.outcome) == (NINE, "done")
    assert 0 < session.seconds < 31


# --- the file -----------------------------------------------------------------------------------


def test_only_the_user_may_read_it(path: Path, store: HistoryStore) -> None:
    store.save(record())
    if sys.platform != "win32":
        assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o600}


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" * 400])
def test_a_damaged_file_is_set_aside(content: bytes, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with closing(HistoryStore(path)) as store:
        assert "history.broken.sqlite3" in store.remark
        assert store.history() == History()
    assert (path.parent / "history.broken.sqlite3").read_bytes() == content


def test_a_journey_keeps_each_session_on_its_own_day(store: HistoryStore) -> None:
    tokyo = datetime(2026, 3, 3, 1, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    store.save(record(tokyo))
    (session,) = store.history(since=date(2026, 3, 3)).sessions
    assert (session.day, session.began) == (date(2026, 3, 3), tokyo)
    assert store.history(until=date(2026, 3, 2)).sessions == ()


def test_feelings_are_kept_in_order(store: HistoryStore) -> None:
    told = [
        Feeling(NINE, "before", pain=4),
        Feeling(NINE + timedelta(minutes=20), "after", pain=3, better=1, session="a"),
        Feeling(NINE + timedelta(days=1), "next_day", pain=3, better=0, session="a"),
    ]
    for each in reversed(told):
        store.add_feeling(each)
    assert store.history().feelings == tuple(told)


def test_a_naive_time_raises(store: HistoryStore) -> None:
    with pytest.raises(ValueError, match="offset"):
        store.save(record(datetime(2026, 3, 2, 9, 0)))
    assert store.history() == History()


def test_everything_can_be_deleted(path: Path, store: HistoryStore) -> None:
    """Also the damaged file that was set aside."""
    store.save(record())
    aside = path.parent / "history.broken.sqlite3"
    aside.write_bytes(b"old")
    store.delete_all()
    assert store.history() == History()
    assert not aside.exists()
    store.save(record())
    assert len(store.history().sessions) == 1


@pytest.mark.slow
def test_the_plan_reads_the_same_sessions_faster(store: HistoryStore) -> None:
    """The short reading agrees with the whole one."""
    fill(store, load_all(), NINE)
    sessions = store.history().sessions
    short = store.past()
    assert [(s.day, s.track, s.routine, s.outcome, s.done, s.hurt) for s in short] == [
        (s.day, s.track, s.routine, s.outcome, s.done, s.hurt) for s in map(past_session, sessions)
    ]
    for one, whole in zip(short, sessions, strict=True):
        assert one.score == pytest.approx(whole.score)


def test_choices_are_kept_and_the_same_one_replaces_itself(store: HistoryStore) -> None:
    day = NINE.date()
    store.choose(PlanChoice(day, "walking", "skip"))
    store.choose(Chosen(day, "walking", 3))
    store.choose(Chosen(day, "walking", 1))
    assert store.choices() == ((PlanChoice(day, "walking", "skip"),), (Chosen(day, "walking", 1),))


# --- versions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", range(len(STEPS) + 1))
def test_a_file_of_each_earlier_version_is_brought_up_to_date(version: int, path: Path) -> None:
    """Its sessions stay."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrate(db, STEPS[:version], WHAT)
        if version:
            db.execute(
                "INSERT INTO sessions (uid, at, offset_s, day, name, routine, kind, track, level,"
                " outcome, seconds, version, model) VALUES ('a', 0, 0, '1970-01-01', 'Old', '',"
                " 'session', '', 2, 'done', 9.0, '0', '')"
            )
    with closing(HistoryStore(path)) as store:
        assert [s.name for s in store.history().sessions] == ["Old"] * bool(version)
        store.save(record(uid="b"))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(STEPS),)


def test_a_step_is_done_completely_or_not_at_all(path: Path) -> None:
    path.parent.mkdir()
    steps = (*STEPS, "CREATE TABLE more (id INTEGER); INSERT INTO nowhere VALUES (1)")
    with pytest.raises(OutputError):
        Database(path, steps, WHAT)
    with closing(HistoryStore(path)) as store:
        store.save(record())


def test_a_newer_file_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"CREATE TABLE later (id); PRAGMA user_version = {len(STEPS) + 1}")
    before = path.read_bytes()
    with pytest.raises(OutputError, match="newer posecheck"):
        HistoryStore(path)
    assert path.read_bytes()[:60] == before[:60]


def test_in_memory_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(HistoryStore(MEMORY)) as store:
        store.save(record())
        assert len(store.history().sessions) == 1
    assert list(tmp_path.iterdir()) == []
