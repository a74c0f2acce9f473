"""The keys of a language file about comfort: the voice, own breaks, the view, and first steps."""

from __future__ import annotations

from collections.abc import Mapping

_VOICE = ("ui_voice_name", "ui_voice_usual", "ui_voice_names", "ui_voice_names_none")
_VIEW = ("ui_mirror_view",)
_DESK = (
    "ui_desk_mode_own", "ui_own_sit", "ui_own_move", "ui_work_days", "ui_work_days_about",
    "ui_day_1", "ui_day_2", "ui_day_3", "ui_day_4", "ui_day_5", "ui_day_6", "ui_day_7",
)  # fmt: skip

COMFORT_PLAIN = (*_VOICE, *_VIEW, *_DESK)
COMFORT_FILLED: Mapping[str, tuple[str, ...]] = {}
