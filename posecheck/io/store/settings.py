"""The user's settings and answers, stored as one small JSON file.

The file is in the system's configuration folder, or in the folder that POSECHECK_HOME names. It
contains no picture and no name. It does contain health data, so only its owner may read it. An
invalid value is replaced by its default and does not affect the others. A file that is not valid
JSON is renamed, never deleted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from posecheck.exercise import CONTRAINDICATIONS, THINGS
from posecheck.history.plan_rules import GOALS, Goal
from posecheck.io.diagnosis.log import log_settings_problems
from posecheck.io.paths import settings_home
from posecheck.io.store.set_aside import change_own, read_own
from posecheck.session.safety import LEVELS

if TYPE_CHECKING:  # these modules import numpy, which nothing else here needs
    from posecheck.coach.speech_queue import Talk
    from posecheck.desk.day import BreakMode
    from posecheck.desk.monitor import Sensitivity

ThemeChoice = Literal["system", "light", "dark"]
Screened = Literal["", "clear", "advice"]

TALKS: tuple[Talk, ...] = ("off", "quiet", "normal", "full")
THEMES: tuple[ThemeChoice, ...] = ("system", "light", "dark")
TEXT_SCALES = (1.0, 1.25, 1.5)
VOICE_VOLUMES = (0.4, 0.7, 1.0)
VOICE_RATES = (-0.3, 0.0, 0.3)
TONE_VOLUMES = (0.0, 0.4, 0.7, 1.0)
BREAK_MODES: tuple[BreakMode, ...] = ("30/2", "20-8-2", "50/10", "own")
SENSITIVITIES: tuple[Sensitivity, ...] = ("low", "normal", "high")

COMFORT_DAYS = 60
"""Number of daily pain answers to keep. A personal median needs a few weeks of them."""

SETTINGS_FILE = "settings.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is remembered between two starts, except the days and calibrations of the desk.

    camera          a source for `open_source`; "" is the first camera
    level           1 beginner, 2 as written, 3 without easing
    talk            how much the coach says
    voice_volume, voice_rate, tone_volume, voice_name  as in `posecheck.io.audio.voice.Sound`
    captions        show what is said as text, too
    mirror_view     show the camera's picture as a mirror does
    text_scale      factor for all texts of the windows
    reduced_motion  no animation and no blinking
    tags            keys of CONTRAINDICATIONS to which the user answered yes
    screened        result of the safety questions. "": not answered, or a yes without medical
                    advice, and the exercises stay locked; "clear": no to every question;
                    "advice": a yes, and the user has had advice
    comfort         (ISO date, pain from 0 to 10) of past days, oldest first, one per day
    language        code of the language that is spoken; "" for the system's
    start_side      the side that goes first on the day `start_date` (ISO; "" before the first
                    session)

    For the desk:

    desk_camera     a source for `open_source`; "" is the value of `camera`
    break_mode      minutes of sitting and moving, or of sitting, standing and moving; "own" for
                    `own_sit` and `own_move`
    own_sit, own_move  minutes of sitting until a break is due, and of a break
    work_days       days of the week with alerts, 1 (Monday) to 7; none on the others
    sensitivity     how early sitting counts as slouching
    quiet_from, quiet_to  local times "HH:MM" between which there are no alerts; "" for none
    battery_saver   close the camera while the computer runs on its battery
    desk_voice      whether alerts may be spoken
    nudges          whether there are any alerts; without them the icon still shows the state

    For the plan, as in `history.plan_values.Wishes`:

    plan_goal, plan_minutes, plan_days, plan_walk, equipment, older
    remind_at       local times "HH:MM" of reminders of the plan
    asked           (tag, ISO date) of the safety answers that are asked again

    favourites      ids of exercises that the user has marked in the library
    """

    camera: str = ""
    level: int = 2
    talk: Talk = "normal"
    voice_volume: float = 1.0
    voice_rate: float = 0.0
    tone_volume: float = 1.0
    voice_name: str = ""
    captions: bool = False
    mirror_view: bool = True
    text_scale: float = 1.0
    theme: ThemeChoice = "system"
    reduced_motion: bool = False
    tags: tuple[str, ...] = ()
    screened: Screened = ""
    comfort: tuple[tuple[str, int], ...] = ()
    start_side: Literal["left", "right"] = "left"
    start_date: str = ""
    language: str = ""
    desk_camera: str = ""
    break_mode: BreakMode = "30/2"
    own_sit: int = 40
    own_move: int = 3
    work_days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    sensitivity: Sensitivity = "normal"
    quiet_from: str = ""
    quiet_to: str = ""
    battery_saver: bool = False
    desk_voice: bool = True
    nudges: bool = True
    plan_goal: Goal = "back"
    plan_minutes: int = 15
    plan_days: int = 7
    plan_walk: int = 30
    equipment: tuple[str, ...] = ("mat", "chair")
    older: bool = False
    remind_at: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()
    favourites: tuple[str, ...] = ()


def with_comfort(settings: Settings, day: date, pain: int) -> Settings:
    """The settings with the pain of a day, 0 to 10. It replaces an earlier answer of that day."""
    others = [each for each in settings.comfort if each[0] != day.isoformat()]
    kept = sorted([*others, (day.isoformat(), pain)])[-COMFORT_DAYS:]
    return replace(settings, comfort=tuple(kept))


def with_session_day(settings: Settings, day: date) -> Settings:
    """The settings for a session that begins on a day: on a new day the other side goes first."""
    if settings.start_date == day.isoformat():
        return settings
    if not settings.start_date:
        return replace(settings, start_date=day.isoformat())
    side: Literal["left", "right"] = "right" if settings.start_side == "left" else "left"
    return replace(settings, start_side=side, start_date=day.isoformat())


def load_settings(folder: Path | None = None) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and one sentence for each thing that could not be used. Never raises.

    Without a file all settings have their defaults, and there is no sentence.
    """
    path = (folder or settings_home()) / SETTINGS_FILE
    then = "All settings are at their defaults."
    data, remark = read_own(path, _is_table, then)
    if data is None:
        return Settings(), (remark,) if remark else ()
    settings, remarks = _read(data)
    log_settings_problems(remarks)
    return settings, remarks


def save_settings(
    settings: Settings, folder: Path | None = None, known: Settings | None = None
) -> Settings:
    """Write what differs from `known`, which the caller has last read or written, and return what
    the file holds then. The rest is another program's: two programs may run at once. Without
    `known`, and without a usable file, all settings are written.

    The answers to the safety questions are changed together, the pain of each day by itself. The
    file is replaced as a whole or left unchanged. Raises OutputError.
    """
    written = settings

    def change(data: Any) -> Any:
        nonlocal written
        if data is not None and known is not None:
            written = merged(settings, known, _read(data)[0])
        return asdict(written)

    change_own((folder or settings_home()) / SETTINGS_FILE, _is_table, change)
    return written


def merged(mine: Settings, known: Settings, theirs: Settings) -> Settings:
    """`theirs` with what differs between `known` and `mine`."""
    names = {
        field.name
        for field in fields(Settings)
        if getattr(mine, field.name) != getattr(known, field.name)
    }
    for group in TOGETHER:
        names |= group if names & group else set()
    changes: dict[str, Any] = {name: getattr(mine, name) for name in names}
    if "comfort" in names:
        gone = {day for day, _ in known.comfort} - {day for day, _ in mine.comfort}
        added = dict(set(mine.comfort) - set(known.comfort))
        days = {day: pain for day, pain in theirs.comfort if day not in gone} | added
        changes["comfort"] = tuple(sorted(days.items()))[-COMFORT_DAYS:]
    return replace(theirs, **changes)


TOGETHER = (frozenset({"tags", "screened"}), frozenset({"start_side", "start_date"}))
"""Settings that mean something only together."""


class SettingsFile:
    """Notices that another program has changed the file. A file that is missing or cannot be used
    changes nothing in a running program."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or settings_home()) / SETTINGS_FILE
        self._seen = self._state()

    def changed(self) -> Settings | None:
        """What is in the file, if it was replaced since the last call; else None."""
        state = self._state()
        if state == self._seen:
            return None
        self._seen = state
        try:
            data = json.loads(self._path.read_bytes().decode("utf-8-sig"))
        except (OSError, ValueError, RecursionError):
            return None
        found, remarks = _read(data) if _is_table(data) else (None, ())
        return None if remarks else found

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


# --- one check for each value -------------------------------------------------------------------


def _is_table(data: Any) -> bool:
    return isinstance(data, dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 1000 and value.isprintable()


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\w{1,80}", value) is not None


def _is_language(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"([a-z]{2,3}([_-]\w+)?)?", value) is not None


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_comfort(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and _is_day(value[0])
        and type(value[1]) is int
        and 0 <= value[1] <= 10
    )


def _is_clock(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|", value) is not None


def _is_switch(value: Any) -> bool:
    return isinstance(value, bool)


def _is_asked(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and value[0] in CONTRAINDICATIONS
        and _is_day(value[1])
    )


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _one_of(*options: Any) -> Callable[[Any], bool]:
    """A check for one of the options. As in JSON, true is not 1, but 1 equals 1.0."""
    return lambda value: not isinstance(value, bool) and value in options


_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "camera": (_is_text, "a text of one line"),
    "level": (lambda value: type(value) is int and value in LEVELS, "1, 2 or 3"),
    "talk": (_one_of(*TALKS), "one of off, quiet, normal, full"),
    "voice_volume": (_one_of(*VOICE_VOLUMES), "0.4, 0.7 or 1.0"),
    "voice_rate": (_one_of(*VOICE_RATES), "-0.3, 0.0 or 0.3"),
    "tone_volume": (_one_of(*TONE_VOLUMES), "0.0, 0.4, 0.7 or 1.0"),
    "voice_name": (_is_text, "a text of one line"),
    "captions": (_is_switch, "true or false"),
    "mirror_view": (_is_switch, "true or false"),
    "text_scale": (_one_of(*TEXT_SCALES), "1.0, 1.25 or 1.5"),
    "theme": (_one_of(*THEMES), "one of system, light, dark"),
    "reduced_motion": (_is_switch, "true or false"),
    "tags": (lambda value: value in CONTRAINDICATIONS, "a known tag"),
    "screened": (_one_of("", "clear", "advice"), 'one of "", "clear", "advice"'),
    "comfort": (_is_comfort, "a day and a number from 0 to 10"),
    "start_side": (_one_of("left", "right"), "left or right"),
    "start_date": (lambda value: value == "" or _is_day(value), "a day such as 2026-01-31"),
    "language": (_is_language, "a language such as en, or empty for the system's"),
    "desk_camera": (_is_text, "a text of one line"),
    "break_mode": (_one_of(*BREAK_MODES), "one of 30/2, 20-8-2, 50/10, own"),
    "own_sit": (_whole(5, 180), "a whole number from 5 to 180"),
    "own_move": (_whole(2, 60), "a whole number from 2 to 60"),
    "work_days": (_whole(1, 7), "a whole number from 1 to 7"),
    "sensitivity": (_one_of(*SENSITIVITIES), "one of low, normal, high"),
    "quiet_from": (_is_clock, "a time such as 08:30, or empty"),
    "quiet_to": (_is_clock, "a time such as 08:30, or empty"),
    "battery_saver": (_is_switch, "true or false"),
    "desk_voice": (_is_switch, "true or false"),
    "nudges": (_is_switch, "true or false"),
    "plan_goal": (_one_of(*GOALS), "one of back, upper, hips, all"),
    "plan_minutes": (_whole(5, 60), "a whole number from 5 to 60"),
    "plan_days": (_whole(1, 7), "a whole number from 1 to 7"),
    "plan_walk": (_whole(0, 60), "a whole number from 0 to 60"),
    "equipment": (lambda value: value in THINGS, "a known thing"),
    "older": (_is_switch, "true or false"),
    "remind_at": (lambda value: value != "" and _is_clock(value), "a time such as 08:30"),
    "asked": (_is_asked, "a tag and a day"),
    "favourites": (_is_id, "the id of an exercise"),
}
_LISTS = ("tags", "comfort", "equipment", "remind_at", "asked", "work_days", "favourites")
_FACTORS = ("text_scale", "voice_volume", "voice_rate", "tone_volume")
"""Floats; JSON may write 1.0 as 1."""


def _read(data: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    values: dict[str, Any] = {}
    remarks: list[str] = []
    for name in (field.name for field in fields(Settings) if field.name in data):
        if name in _LISTS:
            values[name] = _items(name, data[name], remarks)
        elif _fits(name, data[name]):
            values[name] = float(data[name]) if name in _FACTORS else data[name]
        else:
            default = json.dumps(getattr(Settings(), name))
            remarks.append(f"{_complaint(name, data[name])}; it is {default} now.")
    settings = Settings(**values)
    if any(remark.startswith(f"{SETTINGS_FILE}: tags") for remark in remarks) and settings.screened:
        # A lost tag could allow an exercise that would harm the user, so ask again.
        remarks.append("The safety questions will be asked again.")
        settings = replace(settings, screened="")
    return settings, tuple(remarks)


def _items(name: str, value: Any, remarks: list[str]) -> tuple[Any, ...]:
    """The valid items without duplicates. Each invalid item adds a sentence to `remarks`."""
    if not isinstance(value, list):
        remarks.append(
            f"{SETTINGS_FILE}: {name} must be a list, not {_quoted(value)}; it is empty now."
        )
        return ()
    wrong = [item for item in value if not _fits(name, item)]
    remarks += [f"{_complaint(name, item)}; it is left out." for item in wrong]
    right = [item for item in value if _fits(name, item)]
    if name in ("tags", "equipment", "remind_at", "work_days", "favourites"):
        return tuple(dict.fromkeys(right))
    if name == "asked":
        return tuple({tag: (tag, day) for tag, day in right}.values())
    days = {day: (day, pain) for day, pain in right}
    return tuple(sorted(days.values()))[-COMFORT_DAYS:]


def _fits(name: str, value: Any) -> bool:
    try:
        return _CHECKS[name][0](value)
    except TypeError:  # a list or a table in place of a plain value is not hashable
        return False


def _complaint(name: str, value: Any) -> str:
    return f"{SETTINGS_FILE}: {name} must be {_CHECKS[name][1]}, not {_quoted(value)}"


def _quoted(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"
