"""The calibrations of the desk: how a person sits upright, as each camera at each place sees it.

One small JSON file in the person's data folder. It holds numbers, no picture, and nobody but the
person may read it. A calibration that is damaged costs only itself; a file that is none is kept
aside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from posecheck.desk.calibration import SLOUCH, Calibration, from_plain, to_plain
from posecheck.io.output import writing
from posecheck.io.paths import data_home
from posecheck.io.store.set_aside import read_own, write_own

FILE = "desk-calibrations.json"
GOOD_FOR = timedelta(days=14)
"""Biomechanics 2A.4: chairs, screens and habits change."""
CLOCK_WRONG = timedelta(days=1)
"""A calibration from further ahead was taken with a clock that was wrong: its age is unknown."""
MOST = 16
"""Cameras and places that are kept; the oldest go."""

THEN = "Please show once more how you sit."
"""What a person does about a remark. It is told where the set-up begins."""

Lack = Literal["", "none", "expired"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A calibration with where and when (aware) it was taken. Another camera, size of its picture
    or place (any name, "" for the usual one) is another profile."""

    camera: str
    size: tuple[int, int]
    place: str
    taken: datetime
    calibration: Calibration

    @property
    def key(self) -> tuple[str, tuple[int, int], str]:
        return self.camera, self.size, self.place


@dataclass(frozen=True, slots=True)
class Found:
    """What there is for a camera: the calibration, or what it lacks, and `remark`, a sentence
    when something in the file could not be used."""

    calibration: Calibration | None
    lack: Lack = ""
    remark: str = ""


def find_profile(
    camera: str,
    size: tuple[int, int],
    place: str = "",
    now: datetime | None = None,
    folder: Path | None = None,
) -> Found:
    """The calibration for this camera, size (width, height) and place, at most 14 days old, or why
    there is none. `now` (aware) is by default the clock's. Never raises."""
    profiles, remark = _load(_path(folder))
    wanted = (camera, size, place)
    profile = next((each for each in profiles if each.key == wanted), None)
    if profile is None:
        return Found(None, "none", remark)
    if not _fresh(profile, now or datetime.now(UTC)):
        return Found(None, "expired", remark)
    return Found(profile.calibration, "", remark)


def save_profile(
    camera: str,
    size: tuple[int, int],
    calibration: Calibration,
    place: str = "",
    now: datetime | None = None,
    folder: Path | None = None,
) -> Path:
    """Keep it in place of an older one, and answer with the file. Raises OutputError."""
    path = _path(folder)
    now = now or datetime.now(UTC)
    new = Profile(camera, size, place, now, calibration)
    others = [each for each in _load(path)[0] if each.key != new.key and _fresh(each, now)]
    kept = sorted(others, key=lambda each: each.taken, reverse=True)[: MOST - 1]
    _write(path, [new, *kept])
    return path


def forget_profiles(folder: Path | None = None) -> None:
    """Remove all calibrations, and damaged files that were kept aside. Raises OutputError."""
    path = _path(folder)
    for each in (path, *path.parent.glob(f"{path.stem}.broken*{path.suffix}")):
        with writing(each):
            each.unlink(missing_ok=True)


def _path(folder: Path | None) -> Path:
    return (folder or data_home()) / FILE


def _fresh(profile: Profile, now: datetime) -> bool:
    return -CLOCK_WRONG <= now - profile.taken < GOOD_FOR


def _write(path: Path, profiles: list[Profile]) -> None:
    plain = [
        {
            "camera": each.camera,
            "size": list(each.size),
            "place": each.place,
            "taken": each.taken.astimezone(UTC).isoformat(timespec="seconds"),
            "calibration": to_plain(each.calibration),
        }
        for each in profiles
    ]
    write_own(path, {"calibrations": plain})


def _load(path: Path) -> tuple[list[Profile], str]:
    data, remark = read_own(path, _is_list, THEN)
    if data is None:
        return [], remark
    items = data["calibrations"]
    profiles = [profile for item in items if (profile := _profile(item)) is not None]
    lost = len(items) - len(profiles)
    remark = f"{path}: {lost} of {len(items)} calibrations cannot be used. {THEN}"
    return profiles, remark if lost else ""


def _is_list(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("calibrations"), list)


def _profile(item: Any) -> Profile | None:
    """None for what is damaged or was taken for other measures than today's."""
    try:
        width, height = item["size"]
        taken = datetime.fromisoformat(item["taken"])
        size, calibration = (int(width), int(height)), from_plain(item["calibration"])
        profile = Profile(item["camera"], size, item["place"], taken, calibration)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    whole = all(math.isfinite(number) for number in _numbers(calibration))
    told = calibration.tall.values and set(calibration.slump) <= set(SLOUCH[calibration.view])
    named = isinstance(profile.camera, str) and isinstance(profile.place, str)
    return profile if taken.tzinfo and whole and told and named else None


def _numbers(calibration: Calibration) -> Iterator[float]:
    tall = calibration.tall
    for numbers in (tall.values, tall.sd, calibration.slump, calibration.weights):
        yield from numbers.values()
    yield from (calibration.pit_gate, calibration.yaw_gate)
