"""Every key that is put together from pieces is declared, for all values of its pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from posecheck.coach.countdown import COUNTDOWN_AT_S
from posecheck.coach.library_search import PLACES as SEARCH_PLACES
from posecheck.coach.offers import Offer
from posecheck.coach.outcomes import SetOutcome
from posecheck.coach.phrases import PHRASES
from posecheck.coach.report_phrases import METRICS
from posecheck.coach.scene import DisplayState
from posecheck.coach.summary import SecondsPart
from posecheck.coach.tones import TONES
from posecheck.coach.wording import Shown
from posecheck.desk.alerts import AlertCause
from posecheck.desk.break_choice import SittingHabit
from posecheck.desk.monitor import Sensitivity
from posecheck.desk.states import DeskState
from posecheck.desk.workplace import Distance, Height, Square
from posecheck.exercise import (
    AREAS,
    CONTRAINDICATIONS,
    GROUPS,
    POSITIONS,
    THINGS,
    Check,
    Sides,
    View,
    Way,
)
from posecheck.history.ladder import Change
from posecheck.history.plan_rules import GOALS, Track
from posecheck.history.progress import Trend
from posecheck.history.records import PainEnd, PainKind, SessionOutcome
from posecheck.io.report.words import Counted
from posecheck.io.store.settings import TALKS, TEXT_SCALES, THEMES
from posecheck.pose import Side
from posecheck.session.events import Halt
from posecheck.session.placement import Advice
from posecheck.session.rep_counter import RepOutcome
from posecheck.session.safety import LEVELS
from posecheck.ui.desk.looks import WAYS
from posecheck.ui.home.exercise_detail import SECTIONS
from posecheck.ui.session.overlay import HELP_STATES

PACKAGE = Path(__file__).resolve().parent.parent / "posecheck"


def words(*kinds: object) -> tuple[str, ...]:
    """The words of Literal types."""
    return tuple(word for kind in kinds for word in get_args(kind) if word)


SIDES = words(Side)
REFUSED = tuple(word for word in words(RepOutcome) if word != "counted")
POSITION_KEYS = tuple(each.replace("-", "_") for each in POSITIONS)
HOME_CARDS = ("guided", "practise", "desk")
START_PAGES = ("welcome", "screening", "body", "camera", "voice", "level")
OWN_NAME = ("nobody", "someone_else", "view", "other_side", "parts")
PLACES = tuple(each for each in words(Advice) if each not in OWN_NAME)
"""Values for each composed key. Put a new one here, with the values that it can take."""
FAMILIES: Mapping[str, Iterable[object]] = {
    "side_{}": SIDES,
    "way_{}": words(Way),
    "state_{}": words(DisplayState, Shown),
    "help_state_{}": HELP_STATES,
    "help_tone_{}": TONES,
    "left_{}": COUNTDOWN_AT_S,
    "into_{}": POSITION_KEYS,
    "ui_position_{}": POSITION_KEYS,
    "halt_{}": words(Halt),
    "halt_{}_detail": words(Halt),
    "offer_{}": words(Offer),
    "offer_{}_detail": words(Offer),
    "tag_{}": CONTRAINDICATIONS,
    "metric_{}": METRICS,
    "sum_{}": (*words(SecondsPart), *REFUSED, "steady", "good", "keep_practising"),
    "view_{}": words(View),
    "ui_check_{}": words(Check),
    "ui_group_{}": GROUPS,
    "desk_{}": words(AlertCause),
    "desk_break_{}": words(SittingHabit),
    "desk_state_{}": words(DeskState),
    "ui_desk_way_{}": {*WAYS.values(), "off"},
    "ui_desk_sense_{}": words(Sensitivity),
    "count_{}": words(Counted),
    "report_kind_{}": (*words(PainKind), "none"),
    "report_end_{}": (*words(PainEnd), "unknown"),
    "report_outcome_{}": words(SessionOutcome),
    "report_trend_{}": words(Trend),
    "report_fault_{}": words(Trend),
    "report_refused_{}": REFUSED,
    "report_side_{}": SIDES,
    "ui_track_{}": ("walking", "breathing", "lesson"),
    "plan_ask_{}": ("ACUTE", "PREG"),
    "ui_today_hurt_{}": ("better", "same", "worse"),
    "ui_scale_{}": tuple(round(100 * scale) for scale in TEXT_SCALES),
    "ui_theme_{}": THEMES,
    "ui_talk_{}": TALKS,
    "ui_talk_{}_about": TALKS,
    "ui_level_{}": LEVELS,
    "ui_level_{}_about": LEVELS,
    "ui_plan_goal_{}": GOALS,
    "ui_plan_{}": THINGS,
    "ui_area_{}": AREAS,
    "ui_library_{}": SECTIONS,
    "ui_library_place_{}": SEARCH_PLACES,
    "ui_library_sides_{}": words(Sides),
    "ui_routine_{}": ("hold_s", "reps", "time_s", "sets", "rest_s"),
    "place_{}": PLACES,
    "ui_day_{}": range(1, 8),
    "starting_{}": ("camera", "model"),
    "ui_work_distance_{}": words(Distance),
    "ui_work_height_{}": words(Height),
    "ui_work_square_{}": words(Square),
    "desk_setup_{}": ("tall", "tired", "keyboard", "left", "right", "done"),
    "desk_setup_{}_say": ("tall", "tired", "keyboard", "left", "right", "done"),
    "desk_setup_done{}_say": ("", "_one"),
    "sum_note_{}{}": (*words(SetOutcome), "skipped_partly"),
    "plan_why_{}": (
        *("new", "sore", "acute", "lesson", "show_someone", "moved"),
        *(f"track_{each}" for each in words(Track) if each != "lesson"),
        *(f"change_{each}" for each in words(Change) if each != "rise"),
        *(f"rise_{each}" for each in ("minutes", "days", "level")),
        *(f"refused_{each}" for each in ("day", "twice", "minutes", "days", "rest")),
    ),
    "report_{}": (
        *("exercise", "dose", "whole_dose", "sessions", "sets", "right", "cant_tell", "reps"),
        *("measured", "first_last", "said", "in_all", "share", "day", "kind", "followed"),
    ),
    "ui_desk_{}": ("tall", "recline", "stand", "plenty", "some", "little"),
    "ui_desk_index_{}": ("within", "beyond", "unknown"),
    "ui_desk_mode_{}": ("30", "20", "50", "own"),
    "ui_desk_part_{}": ("tall", "tired", "keyboard", "aside"),
    "ui_desk_part_{}_about": ("tall", "tired", "keyboard", "aside"),
    "ui_desk_share_{}": ("variety", "breaks", "upright"),
    "ui_folder_{}": ("settings", "days", "log"),
    "ui_sound_{}": ("off", "soft", "middle", "full", "slow", "usual", "fast"),
    "ui_welcome_{}": ("camera", "private", "stop"),
    "ui_{}": (
        "voice_volume",
        "voice_rate",
        "tone_volume",
        "plan_minutes",
        "plan_days",
        "plan_walk",
    ),
    "ui_{}_title": (*HOME_CARDS, *START_PAGES),
    "ui_{}_about": HOME_CARDS,
    "ui_{}_lead": START_PAGES,
    "part_{}": ("head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot"),
}
ENDINGS = frozenset({"{}_say", "{}_side", "{}_screen", "{}_ask", "{}_no", "{}_yes"})
"""Endings of a key that is declared with each of them, or raises when it is used."""
ELSEWHERE = frozenset(
    {
        "back_{}",
        "rise_{}",
        "track_{}",
        "change_{}",
        "{}_s",
        "{}_deg",
        "{}_delta",
        "{}_{}",
        "pragma_{}_info",
    }
)
"""Composed names that are no keys of phrases by themselves."""


COMPOSED = re.compile(r"""\bf(["'])((?:[a-z_]|\{[^{}"]*\})+)\1""")
"""A formatted text of lower-case letters, _ and braces only, as in f"state_{state}"."""


@cache
def composed() -> Mapping[str, str]:
    """Every name that is put together from pieces -> a place where that is done."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for match in COMPOSED.finditer(path.read_text(encoding="utf-8")):
            pattern = re.sub(r"\{[^{}]*\}", "{}", match[2])
            if "_" in pattern and "{}" in pattern:
                found[pattern] = path.name
    return found


def test_every_composed_key_is_declared_for_all_its_values() -> None:
    """A key that is put together is typed by the table: its pieces are words of a Literal or of a
    tuple, and each of them has a phrase."""
    unknown = [
        f"{place}: {pattern}"
        for pattern, place in composed().items()
        if pattern not in {*FAMILIES, *ENDINGS, *ELSEWHERE}
    ]
    assert unknown == []
    missing = [
        key
        for pattern, values in FAMILIES.items()
        for value in values
        if (key := pattern.replace("{}", str(value), 1).replace("{}", "")) not in PHRASES
    ]
    assert missing == []


def test_every_family_is_used() -> None:
    """Nothing is left in the table that no code composes."""
    assert {*FAMILIES, *ENDINGS} - composed().keys() == set()
