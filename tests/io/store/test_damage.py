"""The files of the user: any valid value comes back, and any damage has its documented answer."""

from __future__ import annotations

import json
import zlib
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from golden import FOLDER
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.desk.calibration import Calibration, CalibrationPose
from posecheck.desk.minutes import Minute
from posecheck.desk.states import STATES
from posecheck.exercise import CONTRAINDICATIONS
from posecheck.io.output import OutputError
from posecheck.io.store.desk_profile import PROFILE_FILE, find_profile, save_profile
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.recording import LENGTH, Recording, RecordingError
from posecheck.io.store.settings import (
    BREAK_MODES,
    COMFORT_DAYS,
    SENSITIVITIES,
    SETTINGS_FILE,
    TALKS,
    TEXT_SCALES,
    THEMES,
    Settings,
    load_settings,
    save_settings,
)

quick = settings(max_examples=20, deadline=None)

# --- damage -------------------------------------------------------------------------------------

Damage = list[tuple[int, int, bytes]]
DAMAGE = st.lists(
    st.tuples(st.integers(0, 100_000), st.integers(0, 40), st.binary(max_size=40)),
    min_size=1,
    max_size=4,
)
"""Each (at, length, new) replaces some bytes."""


def damaged(content: bytes, damage: Damage) -> bytes:
    for at, length, new in damage:
        begin = at % (len(content) + 1)
        content = content[:begin] + new + content[begin + length :]
    return content


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)

# --- settings -----------------------------------------------------------------------------------

LINE = st.text(max_size=40).filter(str.isprintable)
DAYS = st.dates().map(date.isoformat)
CLOCK = st.just("") | st.times().map(lambda time: time.strftime("%H:%M"))
SETTINGS = st.builds(
    Settings,
    camera=LINE,
    level=st.sampled_from([1, 2, 3]),
    talk=st.sampled_from(TALKS),
    text_scale=st.sampled_from(TEXT_SCALES),
    theme=st.sampled_from(THEMES),
    reduced_motion=st.booleans(),
    tags=st.lists(st.sampled_from(sorted(CONTRAINDICATIONS)), unique=True).map(tuple),
    screened=st.sampled_from(["", "clear", "advice"]),
    comfort=st.dictionaries(DAYS, st.integers(0, 10), max_size=COMFORT_DAYS).map(
        lambda days: tuple(sorted(days.items()))
    ),
    start_side=st.sampled_from(["left", "right"]),
    start_date=st.just("") | DAYS,
    language=st.sampled_from(("", "en", "de", "pt_BR")),
    desk_camera=LINE,
    break_mode=st.sampled_from(BREAK_MODES),
    sensitivity=st.sampled_from(SENSITIVITIES),
    quiet_from=CLOCK,
    quiet_to=CLOCK,
    battery_saver=st.booleans(),
    desk_voice=st.booleans(),
    nudges=st.booleans(),
)


@pytest.mark.slow
@quick
@given(SETTINGS)
def test_any_valid_settings_come_back(chosen: Settings) -> None:
    with TemporaryDirectory(dir=MEMORY) as folder:
        save_settings(chosen, Path(folder))
        assert load_settings(Path(folder)) == (chosen, ())


def assert_settings_are_answered(content: bytes) -> None:
    """Valid settings, and a sentence for what was lost; a file that is not JSON is kept."""
    with TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name)
        (folder / SETTINGS_FILE).write_bytes(content)
        loaded, remarks = load_settings(folder)
        if not (folder / SETTINGS_FILE).exists():
            assert loaded == Settings()
            assert len(remarks) == 1
            assert (folder / "settings.broken.json").read_bytes() == content
        save_settings(loaded, folder)
        assert load_settings(folder) == (loaded, ())


@pytest.mark.slow
@quick
@given(SETTINGS, DAMAGE)
def test_damaged_settings_are_answered(chosen: Settings, damage: Damage) -> None:
    with TemporaryDirectory(dir=MEMORY) as folder:
        save_settings(chosen, Path(folder))
        content = (Path(folder) / SETTINGS_FILE).read_bytes()
    assert_settings_are_answered(damaged(content, damage))


@quick
@given(st.dictionaries(st.sampled_from(sorted(Settings.__slots__)), JSON, max_size=4))
def test_settings_of_any_json_are_answered(values: dict[str, object]) -> None:
    assert_settings_are_answered(json.dumps(values).encode())


# --- the desk -----------------------------------------------------------------------------------

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COUNT = st.integers(0, 1000)
MINUTES = st.builds(
    Minute,
    t=st.floats(0, 1e6),
    seconds=st.dictionaries(st.sampled_from(STATES), st.floats(0.1, 60).map(lambda s: round(s, 1))),
    slumps=COUNT,
    nudges=COUNT,
    spoken=COUNT,
    paused_s=st.floats(0, 60).map(lambda s: round(s, 1)),
    changes=COUNT,
    breaks_due=COUNT,
    breaks_taken=COUNT,
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@pytest.mark.slow
@quick
@given(st.lists(MINUTES, max_size=5), ZONES)
def test_any_minutes_come_back(minutes: list[Minute], zone: timezone) -> None:
    """Their time, their seconds and the sums of the day, after the program was started again."""
    begin = datetime(2026, 3, 2, 12, 0, tzinfo=zone)
    with TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "desk.sqlite3"
        with closing(DeskStore(path)) as store:
            for number, minute in enumerate(minutes):
                store.add_minute(begin + timedelta(minutes=10 * number), minute)
        with closing(DeskStore(path)) as store:
            assert store.remark == ""
            day = store.day(begin.date())
    assert [m.seconds for m in day.minutes] == [m.seconds for m in minutes]
    assert [m.paused_s for m in day.minutes] == [m.paused_s for m in minutes]
    times = [begin + timedelta(minutes=10 * number) for number in range(len(minutes))]
    assert [m.when for m in day.minutes] == times
    assert day.summary.slumps == sum(m.slumps for m in minutes)
    assert day.summary.breaks_taken == sum(m.breaks_taken for m in minutes)


@cache
def history() -> bytes:
    """The file of a morning."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "desk.sqlite3"
        with closing(DeskStore(path)) as store:
            for number in range(60):
                when = NINE + timedelta(minutes=number)
                store.add_minute(when, Minute(60.0, {"upright": 40.0, "slouching": 20.0}, 1))
            store.add_break(NINE, True)
            store.add_nudge(NINE, "nudge", "slouch", "stand")
        return path.read_bytes()


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(DAMAGE)
def test_a_damaged_history_is_answered(damage: Damage) -> None:
    """It is read as far as it can be, or set aside, or refused in a sentence; nothing is raised but
    OutputError, at the start and later."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "desk.sqlite3"
        path.write_bytes(damaged(history(), damage))
        with suppress(OutputError), closing(DeskStore(path)) as store:
            for use in (store.day, store.summary, store.week):
                with suppress(OutputError):
                    use(NINE.date())
            with suppress(OutputError):
                store.day_state(NINE + timedelta(hours=1))
            with suppress(OutputError):
                store.add_minute(NINE, Minute(60.0, {"upright": 60.0}))


MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A disk in memory, where waiting for the disk takes no time."""


def started(path: Path) -> bool:
    """Open a history, use all of it, add to it; whether it was set aside. Nothing may be raised,
    not even OutputError: the disk is all right."""
    with closing(DeskStore(path)) as store:
        store.week(NINE.date())
        store.day_state(NINE + timedelta(minutes=30))
        before = len(store.day(NINE.date()).minutes)
        store.add_minute(NINE + timedelta(hours=2), Minute(60.0, {"upright": 60.0}))
        store.add_nudge(NINE, "nudge", "slouch")
        assert store.trouble == ""
        aside = bool(store.remark)
        assert len(store.day(NINE.date()).minutes) == 1 + (0 if aside else before)
        return aside


def flipped_histories(count: int, seed: int) -> int:
    """Flip one random bit of a history, half of the time in its first page; start twice. How many
    were set aside."""
    random = Random(seed)
    aside = 0
    with TemporaryDirectory(dir=MEMORY) as folder:
        for number in range(count):
            content = bytearray(history())
            bit = random.randrange(8 * (4096 if number % 2 else len(content)))
            content[bit // 8] ^= 1 << bit % 8
            path = Path(folder) / str(number) / "desk.sqlite3"
            path.parent.mkdir()
            path.write_bytes(content)
            aside += started(path)
            kept = [*path.parent.glob("*.broken*")]
            assert not started(path), bit
            assert not kept or kept[0].read_bytes() == content
    return aside


@pytest.mark.slow
def test_a_history_with_a_flipped_bit_starts_again() -> None:
    """At the first start, or with what is kept aside; the second start has nothing to report."""
    assert 0 < flipped_histories(40, seed=1) < 40


@pytest.mark.process  # it takes long
def test_1000_flipped_bits_stop_no_start() -> None:
    flipped_histories(1000, seed=2)


TALL = CalibrationPose("front", "left", {"EV": 0.71, "ear_x": 321.5}, {"EV": 0.8, "HS": 1.1})
KNOWN = Calibration(TALL, {"EV": -22.0, "F": 0.17}, {"EV": 4.0, "F": 0.0}, 0.31, 0.28)


@quick
@given(DAMAGE)
def test_damaged_calibrations_are_answered(damage: Damage) -> None:
    """A calibration or none; the next one can be saved and is found."""
    with TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name)
        path = save_profile("0", (640, 480), KNOWN, now=NINE, folder=folder)
        path.write_bytes(damaged(path.read_bytes(), damage))
        find_profile("0", (640, 480), now=NINE, folder=folder)
        save_profile("0", (640, 480), replace(KNOWN, pit_gate=0.2), now=NINE, folder=folder)
        found = find_profile("0", (640, 480), now=NINE, folder=folder)
        assert found.calibration == replace(KNOWN, pit_gate=0.2)
        assert (folder / PROFILE_FILE).exists()


# --- recordings ---------------------------------------------------------------------------------

PLANK = (FOLDER / "plank_phone.rec").read_bytes()


def read_or_refuse(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.rec"
        path.write_bytes(content)
        with suppress(RecordingError):
            list(Recording(path).frames())


@quick
@given(DAMAGE)
def test_a_damaged_recording_is_read_or_refused(damage: Damage) -> None:
    """Nothing but RecordingError comes out."""
    read_or_refuse(damaged(PLANK, damage))


@quick
@given(DAMAGE)
def test_a_block_that_was_changed_on_purpose_is_read_or_refused(
    damage: Damage,
) -> None:
    """Its checksum is right, its content is not."""
    start = PLANK.index(b"\n", PLANK.index(b"\n") + 1) + 1
    (length,) = LENGTH.unpack_from(PLANK, start)
    whole = zlib.decompress(PLANK[start + LENGTH.size : start + LENGTH.size + length])
    block = zlib.compress(damaged(whole, [(at % 2000, n, new) for at, n, new in damage]))
    read_or_refuse(PLANK[:start] + LENGTH.pack(len(block)) + block)


def test_a_deeply_nested_header_is_refused() -> None:
    """The reader of JSON raises RecursionError."""
    begin = PLANK[: PLANK.index(b"\n") + 1]
    read_or_refuse(begin + b"[" * 200_000 + b"\n")
    head = b'{"frames":' + b"[" * 200_000
    block = zlib.compress(LENGTH.pack(len(head)) + head)
    start = PLANK.index(b"\n", len(begin)) + 1
    read_or_refuse(PLANK[:start] + LENGTH.pack(len(block)) + block)
