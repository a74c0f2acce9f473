"""The keys of a language file about comfort: the voice, own breaks, the view, and first steps."""

from __future__ import annotations

from collections.abc import Mapping

_VOICE = ("ui_voice_name", "ui_voice_usual", "ui_voice_names", "ui_voice_names_none", "ui_captions")
_VIEW = (
    "ui_camera_films", "ui_camera_files", "ui_mirror_view", "starting_camera", "starting_model",
)  # fmt: skip
_DESK = (
    "ui_desk_mode_own", "ui_own_sit", "ui_own_move", "ui_work_days", "ui_work_days_about",
    "ui_day_1", "ui_day_2", "ui_day_3", "ui_day_4", "ui_day_5", "ui_day_6", "ui_day_7",
)  # fmt: skip
_FIRST = (
    "ui_instead_none", "ui_doctor_title", "ui_doctor_about", "ui_doctor_which", "ui_doctor_save",
    "ui_doctor_print", "ui_doctor_html", "ui_doctor_opened", "ui_doctor_no_viewer", "ui_open_title",
    "ui_open_lead", "ui_open_breathing", "ui_open_begin", "ui_open_button", "ui_open_while",
)  # fmt: skip
_SHEET = (
    "doc_title", "doc_name", "doc_lead", "doc_answers", "doc_exercise", "doc_opinion", "doc_yes",
    "doc_easier", "doc_no", "doc_remarks", "doc_limits",
)  # fmt: skip

COMFORT_PLAIN = (*_VOICE, *_VIEW, *_DESK, *_FIRST, *_SHEET)
COMFORT_FILLED: Mapping[str, tuple[str, ...]] = {
    "ui_instead": ("name",),
    "ui_instead_easier": ("easier",),
    "ui_doctor_count": ("count",),
}
