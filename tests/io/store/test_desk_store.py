"""The history of the desk: minutes on a real disk that survive crashes and damaged files."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from posecheck.desk.minutes import Minute
from posecheck.io.output import OutputError
from posecheck.io.paths import data_home
from posecheck.io.store.database import migrate
from posecheck.io.store.desk_store import KEEP_DAYS, MIGRATIONS, DeskStore

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN)
UPRIGHT = Minute(60.0, {"upright": 60.0})
MIXED = Minute(120.0, {"slouching": 40.0, "upright": 15.0}, 1, 1, 0, 5.0, 2, 1, 1)
ABSENT = Minute(60.0, {"away": 60.0})
PAUSED = Minute(60.0, {"upright": 10.0}, paused_s=50.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "desk.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[DeskStore]:
    with closing(DeskStore(path)) as store:
        yield store


def minutes_from(store: DeskStore, begin: datetime, count: int, minute: Minute = UPRIGHT) -> None:
    """Add minutes one after the other, at their real times."""
    for number in range(1, count + 1):
        when = begin.astimezone(UTC) + timedelta(minutes=number)
        store.add_minute(when.astimezone(begin.tzinfo), minute)


def test_what_is_added_comes_back_after_a_restart(path: Path) -> None:
    """Minutes, breaks and nudges, in order, with the local time of their day."""
    with closing(DeskStore(path)) as store:
        store.add_minute(NINE + timedelta(minutes=1), MIXED)
        store.add_minute(NINE, UPRIGHT)
        store.add_break(NINE, True)
        store.add_nudge(NINE, "nudge", "slouch", "stand")
    with closing(DeskStore(path)) as store:
        day = store.day(MONDAY)
    assert [(m.when, m.state) for m in day.minutes] == [
        (NINE, "upright"),
        (NINE + timedelta(minutes=1), "slouching"),
    ]
    assert day.minutes[0].when.hour == 9
    assert day.summary.seconds == {"upright": 75.0, "slouching": 40.0}
    summary = day.summary
    assert (summary.slumps, summary.nudges, summary.spoken, summary.paused_s) == (1, 1, 0, 5.0)
    assert (summary.changes, summary.breaks_due, summary.breaks_taken) == (2, 1, 1)
    assert day.breaks == ((NINE, True),)
    assert day.nudges == ((NINE, "nudge", "slouch", "stand"),)


def test_a_minute_that_was_mostly_paused_has_no_state(store: DeskStore) -> None:
    """Ten seconds do not represent a minute."""
    store.add_minute(NINE, PAUSED)
    assert [each.state for each in store.day(MONDAY).minutes] == [None]


def test_the_score_needs_an_hour_and_weighs_the_breaks(store: DeskStore) -> None:
    """The score of the core, computed from the store; None below an hour."""
    minutes_from(store, NINE, 59)
    assert store.summary(MONDAY).score.total is None
    store.add_minute(NINE + timedelta(minutes=60), Minute(60.0, {"upright": 60.0}, changes=4))
    assert store.summary(MONDAY).score.total == pytest.approx(100.0)
    store.add_minute(NINE + timedelta(minutes=61), Minute(60.0, {}, paused_s=60.0, breaks_due=1))
    assert store.summary(MONDAY).score.total == pytest.approx(65.0)


def test_a_minute_over_midnight_belongs_to_the_day_in_which_it_began(store: DeskStore) -> None:
    """Also a minute that ends exactly at midnight."""
    midnight = datetime(2026, 3, 3, 0, 0, tzinfo=BERLIN)
    for when in (midnight, midnight + timedelta(seconds=30), midnight + timedelta(seconds=90)):
        store.add_minute(when, UPRIGHT)
    assert len(store.day(MONDAY).minutes) == 2
    assert len(store.day(date(2026, 3, 3)).minutes) == 1


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_has_the_hours_that_its_clock_gives_it(day: date, hours: int) -> None:
    """When clocks change, no minute is lost, moved or counted twice."""
    store = DeskStore(Path(":memory:"))
    begin = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    minutes_from(store, begin, 60 * hours + 10)
    seen = store.day(day).minutes
    assert len(seen) == 60 * hours
    assert seen[-1].when - seen[0].when == timedelta(minutes=60 * hours - 1)
    assert len(store.day(day + timedelta(days=1)).minutes) == 10
    store.close()


def test_a_journey_keeps_each_day_in_its_own_time_zone(store: DeskStore) -> None:
    """An evening in Tokyo stays an evening although Berlin had noon."""
    tokyo = datetime(2026, 3, 2, 20, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    store.add_minute(tokyo, UPRIGHT)
    (minute,) = store.day(MONDAY).minutes
    assert (minute.when, minute.when.hour) == (tokyo, 20)


def test_a_week_has_seven_days_including_empty_ones(store: DeskStore) -> None:
    """Oldest first; a day off has no numbers and is no failure."""
    minutes_from(store, NINE, 3)
    week = store.week(MONDAY + timedelta(days=2))
    assert [each.day for each in week] == [MONDAY + timedelta(days=n) for n in range(-4, 3)]
    assert [sum(each.seconds.values()) for each in week] == [0, 0, 0, 0, 180, 0, 0]
    assert {each.score.total for each in week} == {None}


def test_a_restart_goes_on_with_the_day(store: DeskStore) -> None:
    """Sums of the day, and the time since the last break if the last minute is recent."""
    minutes_from(store, NINE, 20)
    minutes_from(store, NINE + timedelta(minutes=20), 2, ABSENT)
    minutes_from(store, NINE + timedelta(minutes=22), 7, MIXED)
    end = NINE + timedelta(minutes=29)
    state = store.day_state(end + timedelta(seconds=30))
    assert (state.changes, state.breaks_due, state.breaks_taken) == (14, 7, 7)
    assert sum(state.seconds.values()) == 20 * 60 + 2 * 60 + 7 * 55
    assert state.sitting_s == 7 * 55
    assert store.day_state(end + timedelta(minutes=2)).sitting_s == 0


def test_a_naive_time_raises(store: DeskStore) -> None:
    """The day of a naive time is unknown."""
    with pytest.raises(ValueError, match="UTC"):
        store.add_break(datetime(2026, 3, 2, 9, 0), True)


@pytest.mark.slow
def test_a_new_day_removes_one_old_day_and_no_more(path: Path) -> None:
    """Whatever date a wrong clock gave it. The newest KEEP_DAYS days with minutes stay."""
    with closing(DeskStore(path)):
        pass
    first = MONDAY - timedelta(days=KEEP_DAYS)
    with closing(sqlite3.connect(path)) as db, db:
        for number in range(KEEP_DAYS + 1):
            row = (0.0, 0, (first + timedelta(days=number)).isoformat(), '{"upright": 60.0}')
            db.execute(
                "INSERT INTO minutes (at, offset_s, day, seconds, paused_s, slumps, nudges, spoken,"
                " changes, breaks_due, breaks_taken) VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0)",
                row,
            )
    with closing(DeskStore(path)) as store:
        store.add_minute(NINE + timedelta(days=500), UPRIGHT)
        for _ in range(2):
            store.prune()
        left = [n for n in range(KEEP_DAYS + 1) if store.day(first + timedelta(days=n)).minutes]
        assert left == [*range(2, KEEP_DAYS + 1)]
        store.prune()
        assert len(store.day(first + timedelta(days=2)).minutes) == 1


def test_forget_all_leaves_nothing(path: Path) -> None:
    """No file of the history and no damaged one stays; the store can be used again."""
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    (path.parent / "settings.json").write_text("{}")
    with closing(DeskStore(path)) as store:
        store.add_minute(NINE, MIXED)
        store.forget_all()
        assert store.day(MONDAY).minutes == ()
        assert len(list(path.parent.glob("*broken*"))) == 0
        store.add_minute(NINE, UPRIGHT)
        assert len(store.day(MONDAY).minutes) == 1
        store.forget_all()
    left = {each.name for each in path.parent.iterdir()}
    assert left == {"desk.sqlite3", ".desk.sqlite3.lock", "settings.json"}
    assert b"slouching" not in path.read_bytes()


def test_in_memory_nothing_is_written(tmp_path: Path) -> None:
    """The desk uses this store when its folder cannot be used."""
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        with closing(DeskStore(Path(":memory:"))) as store:
            store.add_minute(NINE, UPRIGHT)
            assert len(store.day(MONDAY).minutes) == 1
            store.forget_all()
            assert store.day(MONDAY).minutes == ()
    finally:
        os.chdir(here)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_the_user_may_read_it(path: Path, store: DeskStore) -> None:
    """The file and the log beside it have no permissions for others."""
    store.add_minute(NINE, UPRIGHT)
    files = list(path.parent.iterdir())
    assert len(files) == 4
    assert {file.stat().st_mode & 0o077 for file in files} == {0}


# --- failing programs and disks -----------------------------------------------------------------

WRITER = """
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from posecheck.desk.minutes import Minute
from posecheck.io.store.desk_store import DeskStore

store, when = DeskStore(Path(sys.argv[1])), datetime(2026, 3, 2, 6, tzinfo=timezone.utc)
for number in range(1_000_000):
    store.add_minute(when + timedelta(milliseconds=50 * number), Minute(1.0, {"upright": 0.05}))
    print(number, flush=True)
"""


def test_a_second_posecheck_may_read_while_the_first_writes(path: Path, store: DeskStore) -> None:
    """The weekly view opens beside a running desk."""
    store.add_minute(NINE, UPRIGHT)
    with closing(DeskStore(path)) as second:
        assert len(second.day(MONDAY).minutes) == 1
        store.add_minute(NINE, UPRIGHT)
        assert len(second.day(MONDAY).minutes) == 2


GARBAGE = [b"{}", b"SQLite format 3\x00" + b"\xff" * 4096, b"\x89PNG" * 1000]


@pytest.mark.parametrize("content", GARBAGE, ids=range(len(GARBAGE)))
def test_a_file_that_is_no_database_is_set_aside(content: bytes, path: Path) -> None:
    """Byte for byte, reported in one sentence; the next start reports nothing."""
    path.parent.mkdir()
    path.write_bytes(content)
    with closing(DeskStore(path)) as store:
        assert "desk.broken.sqlite3" in store.remark
        assert store.remark.count(".") == 3
        store.add_minute(NINE, UPRIGHT)
    assert (path.parent / "desk.broken.sqlite3").read_bytes() == content
    with closing(DeskStore(path)) as store:
        assert store.remark == ""
        assert len(store.day(MONDAY).minutes) == 1


def test_a_file_that_is_replaced_by_another_is_set_aside_and_costs_no_minute(
    path: Path, store: DeskStore
) -> None:
    """As when a folder that is synchronised brings a damaged copy while the desk runs."""
    store.add_minute(NINE, UPRIGHT)
    copy = path.with_name("copy")
    copy.write_bytes(b"\xa5" * 9000)
    copy.replace(path)
    store.add_minute(NINE, MIXED)
    assert "desk.broken.sqlite3" in store.take_remark()
    assert store.take_remark() == store.trouble == ""
    assert [minute.state for minute in store.day(MONDAY).minutes] == ["slouching"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no open file")
@pytest.mark.parametrize("end", ["", "-wal"])
def test_a_file_that_is_removed_while_the_store_is_open_is_begun_again(
    end: str, path: Path, store: DeskStore
) -> None:
    """SQLite would go on writing into the file without a name. Without its log the file is whole:
    closing it writes what the log had."""
    store.add_minute(NINE, UPRIGHT)
    path.with_name(path.name + end).unlink()
    store.add_minute(NINE + timedelta(minutes=1), MIXED)
    assert ("Another program has removed" in store.take_remark()) == (not end)
    with closing(DeskStore(path)) as second:
        states = [minute.state for minute in second.day(MONDAY).minutes]
    assert states == (["upright", "slouching"] if end else ["slouching"])


def test_a_database_of_another_program_is_set_aside(path: Path) -> None:
    """Nothing is written into it. A number of a version that is damaged is put right instead."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (x)")
    content = path.read_bytes()
    with closing(DeskStore(path)) as store:
        store.add_minute(NINE, UPRIGHT)
        assert (path.parent / "desk.broken.sqlite3").read_bytes() == content
    for version in (0, 129):
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA user_version = {version}")
        with closing(DeskStore(path)) as store:
            assert store.remark == ""
            assert len(store.day(MONDAY).minutes) == 1


def test_what_waits_in_memory_is_bounded(path: Path) -> None:
    """The newest stay. A folder that cannot be written refuses everything."""
    path.parent.write_text("a file")
    with closing(DeskStore(path, patient=True, waiting_most=5)) as store:
        minutes_from(store, NINE, 8)
        assert f"{path} cannot be written" in store.trouble
        whens = [minute.when for minute in store.day(MONDAY).minutes]
        assert whens == [NINE + timedelta(minutes=number) for number in range(4, 9)]
        path.parent.unlink()
        store.add_break(NINE, True)
        assert store.trouble == ""
    with closing(DeskStore(path)) as store:
        assert len(store.day(MONDAY).minutes) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows needs a right for links")
def test_a_history_behind_a_link_stays_there(path: Path, tmp_path: Path) -> None:
    """Also when it is damaged: the file behind the link is set aside, and begun again."""
    path.parent.mkdir()
    real = tmp_path / "shared.sqlite3"
    path.symlink_to(real)
    for content in (None, b"no database" * 100):
        if content:
            real.write_bytes(content)
        with closing(DeskStore(path)) as store:
            store.add_minute(NINE, UPRIGHT)
            assert len(store.day(MONDAY).minutes) == 1
    assert path.is_symlink()
    assert (tmp_path / "shared.broken.sqlite3").read_bytes() == b"no database" * 100


@pytest.mark.process
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_minute_is_on_the_disk_when_it_was_added(tmp_path: Path) -> None:
    """Each addition waits for the disk: a power cut takes nothing that was added."""
    trace = tmp_path / "trace"
    code = WRITER.replace("1_000_000", "20").replace("print(number", "os.write(1, b'added'")
    code = code.replace(", flush=True", "").replace("import sys", "import os, sys")
    command = ["strace", "-f", "-e", "trace=fsync,fdatasync,write", "-o", str(trace)]
    command += [sys.executable, "-c", code, str(tmp_path / "desk.sqlite3")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    calls = re.findall(r'f(?:data)?sync|write\(1, "added', trace.read_text())
    added = [index for index, call in enumerate(calls) if call.startswith("write")]
    assert len(added) == 20
    assert all("sync" in calls[index - 1] for index in added)


def test_a_database_with_a_damaged_page_is_set_aside(path: Path) -> None:
    """Damage in the middle of a file is noticed at the start, not later in the day."""
    with closing(DeskStore(path)) as store:
        minutes_from(store, NINE, 200)
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * 4096 * 4)
    with closing(DeskStore(path)) as store:
        assert "kept as" in store.remark
        assert store.day(MONDAY).minutes == ()


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    """Step by step with its content; each step runs once, and a failed one leaves no trace."""
    steps = ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y DEFAULT 7"]
    with closing(sqlite3.connect(tmp_path / "file")) as db:
        migrate(db, steps[:1], "file")
        db.execute("INSERT INTO a VALUES (1)")
        db.commit()
        migrate(db, steps, "file")
        migrate(db, steps, "file")
        assert db.execute("SELECT x, y FROM a").fetchall() == [(1, 7)]
        with pytest.raises(sqlite3.Error):
            migrate(db, [*steps, "CREATE TABLE b (z); CREATE TABLE a (x)"], "file")
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("a",)]


def test_an_empty_file_becomes_a_history(path: Path) -> None:
    """Version 0 is a file without tables."""
    path.parent.mkdir()
    path.touch()
    with closing(DeskStore(path)) as store:
        store.add_minute(NINE, UPRIGHT)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_newer_file_is_left_alone(path: Path) -> None:
    """One sentence says what to do; no byte of the file changes."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
        db.execute("CREATE TABLE later (x)")
    with pytest.raises(OutputError, match="newer posecheck"):
        DeskStore(path)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("later",)]


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    """The file stays as it was."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        DeskStore(tmp_path / "file" / "desk.sqlite3")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission bits")
def test_a_folder_without_permission_is_a_sentence(path: Path) -> None:
    """The sentence says that the user may not write there."""
    path.parent.mkdir(mode=0o500)
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)  # root may write everywhere
    try:
        with pytest.raises(OutputError, match="may not write"):
            DeskStore(path)
    finally:
        os.seteuid(me)


FULL = """
import resource, sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from posecheck.desk.minutes import Minute
from posecheck.io.store.desk_store import DeskStore

store, when = DeskStore(Path(sys.argv[1])), datetime(2026, 3, 2, 6, tzinfo=timezone.utc)
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))
added, troubles = 0, set()
while len(troubles) < 2 or added % 50:
    store.add_minute(when + timedelta(seconds=added), Minute(1.0, {"upright": 1.0}))
    added += 1
    troubles.add(store.trouble)
assert len(store.day(when.date()).minutes) == added  # those that wait are counted too
print(sorted(troubles)[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
store.add_break(when, True)
assert store.trouble == ""
print(added)
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_what_a_full_disk_refuses_waits_until_there_is_room(path: Path) -> None:
    """Files that may not grow, as on a full disk: one sentence, and nothing is lost."""
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    sentence, added = run.stdout.strip().splitlines()
    assert sentence.startswith(str(path))
    assert "Free some space" in sentence
    with closing(DeskStore(path)) as store:
        times = [minute.when for minute in store.day(MONDAY).minutes]
        assert len(set(times)) == len(times) == int(added) >= 50
        assert len(store.day(MONDAY).breaks) == 1


def test_the_folder_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """POSECHECK_HOME for a USB stick or a test, else the system's data folder."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    with closing(DeskStore()) as store:
        assert store.path == tmp_path / "desk.sqlite3"
    monkeypatch.setenv("POSECHECK_HOME", " ")
    assert data_home().name == "posecheck"
