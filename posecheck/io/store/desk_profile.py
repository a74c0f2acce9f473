"""The calibrations of the desk: how the user sits upright, as each camera at each place sees it.

One small JSON file in the user's data folder. It holds numbers, no picture, and only the user may
read it. A damaged calibration is skipped; a file that is not readable is set aside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from posecheck.desk.calibration import SLOUCH_FEATURES, Calibration, from_plain, to_plain
from posecheck.io.paths import data_home
from posecheck.io.store.set_aside import change_own, forget_own, read_own

PROFILE_FILE = "desk-calibrations.json"
GOOD_FOR = timedelta(days=14)
"""Chairs, screens and habits change (biomechanics 2A.4)."""
CLOCK_WRONG = timedelta(days=1)
"""A calibration from further in the future was taken with a wrong clock: its age is unknown."""
PROFILES_KEPT = 16
"""Maximum number of calibrations; the oldest are removed."""

THEN = "Please show once more how you sit."
"""What the user has to do about a remark. It is shown where the set-up begins."""

Lack = Literal["", "none", "expired"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A calibration, and where and when (aware) it was taken. Another camera, frame size or place
    (any name, "" for the usual one) is another profile."""

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
    """What is stored for a camera: the calibration, or why there is none, and `remark`, a sentence
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
    """The calibration for this camera, frame size (width, height) and place, at most GOOD_FOR old,
    or why there is none. `now` is aware; by default the present time. Never raises."""
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
    """Store a calibration in place of an older one. Returns the file. Raises OutputError."""
    path = _path(folder)
    now = now or datetime.now(UTC)
    new = Profile(camera, size, place, now, calibration)

    def add(data: Any) -> Any:
        others = [each for each in _profiles(data) if each.key != new.key and _fresh(each, now)]
        kept = sorted(others, key=lambda each: each.taken, reverse=True)[: PROFILES_KEPT - 1]
        return _plain([new, *kept])

    change_own(path, _is_list, add)
    return path


def forget_profiles(folder: Path | None = None) -> None:
    """Remove all calibrations, and damaged files that were set aside. Raises OutputError."""
    forget_own(_path(folder))


def _path(folder: Path | None) -> Path:
    return (folder or data_home()) / PROFILE_FILE


def _fresh(profile: Profile, now: datetime) -> bool:
    return -CLOCK_WRONG <= now - profile.taken < GOOD_FOR


def _plain(profiles: list[Profile]) -> Any:
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
    return {"calibrations": plain}


def _load(path: Path) -> tuple[list[Profile], str]:
    data, remark = read_own(path, _is_list, THEN)
    if data is None:
        return [], remark
    items, profiles = data["calibrations"], _profiles(data)
    lost = len(items) - len(profiles)
    remark = f"{path}: {lost} of {len(items)} calibrations cannot be used. {THEN}"
    return profiles, remark if lost else ""


def _profiles(data: Any) -> list[Profile]:
    """The usable ones; none of None."""
    items = [] if data is None else data["calibrations"]
    return [profile for item in items if (profile := _profile(item)) is not None]


def _is_list(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("calibrations"), list)


def _profile(item: Any) -> Profile | None:
    """None for a profile that is damaged or was taken for other features than today's."""
    try:
        width, height = item["size"]
        taken = datetime.fromisoformat(item["taken"])
        size, calibration = (int(width), int(height)), from_plain(item["calibration"])
        profile = Profile(item["camera"], size, item["place"], taken, calibration)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    whole = all(math.isfinite(number) for number in _numbers(calibration))
    known = set(calibration.slump) <= set(SLOUCH_FEATURES[calibration.view])
    named = isinstance(profile.camera, str) and isinstance(profile.place, str)
    usable = whole and known and named and bool(calibration.tall.values)
    return profile if taken.tzinfo and usable else None


def _numbers(calibration: Calibration) -> Iterator[float]:
    tall = calibration.tall
    for numbers in (tall.values, tall.sd, calibration.slump, calibration.weights):
        yield from numbers.values()
    yield from (calibration.pit_gate, calibration.yaw_gate)
