"""The keys of a language file about choosing: the library, the page of a routine, own routines."""

from __future__ import annotations

from collections.abc import Mapping

from posecheck.exercise import AREAS

_LIBRARY = (
    "ui_library_filters", "ui_library_filters_clear", "ui_library_any", "ui_library_area",
    "ui_library_place", "ui_library_place_standing", "ui_library_place_chair",
    "ui_library_place_floor", "ui_library_length", "ui_library_equipment", "ui_library_have_none",
    "ui_library_allowed", "ui_library_favourites", "ui_library_favourite",
    "ui_library_how",
    "ui_library_care", "ui_library_easier", "ui_library_harder", "ui_library_note",
    "ui_library_why",
    "ui_library_unchecked", "ui_library_review", "ui_library_dose", "ui_library_sides_none",
    "ui_library_sides_each", "ui_library_sides_alternate", "ui_library_none",
    "ui_library_found_name", "ui_library_add",
)  # fmt: skip
_ROUTINE = (
    "ui_routine_start", "ui_routine_length", "ui_routine_empty", "ui_routine_earlier",
    "ui_routine_later", "ui_routine_leave_out", "ui_routine_put_back", "ui_routine_left_out",
    "ui_routine_no_time", "ui_routine_change", "ui_routine_change_done", "ui_routine_changes",
    "ui_routine_add", "ui_routine_back", "ui_routine_save", "ui_routine_name", "ui_routine_keep",
    "ui_routine_cancel", "ui_routine_hold_s", "ui_routine_reps", "ui_routine_time_s",
    "ui_routine_sets", "ui_routine_rest_s", "ui_routine_both", "ui_routine_new",
    "ui_routine_own_about", "ui_routine_build", "ui_routine_open", "ui_routine_own",
    "ui_routine_file", "ui_routine_export", "ui_routine_delete", "ui_routine_delete_sure",
)  # fmt: skip

LIBRARY_PLAIN = (*_LIBRARY, *_ROUTINE, "ui_dose_both", *(f"ui_area_{area}" for area in AREAS))
LIBRARY_FILLED: Mapping[str, tuple[str, ...]] = {
    "ui_library_make": ("count",),
    "ui_library_up_to": ("count",),
    "ui_library_sides_means": ("means",),
    "ui_library_added": ("name", "count"),
    "ui_dose_hold": ("count",),
    "ui_dose_time": ("count",),
    "ui_dose_minutes": ("count",),
    "ui_dose_reps": ("count",),
    "ui_dose_sets": ("count", "dose"),
    "ui_routine_whole": ("count",),
    "ui_routine_minutes": ("count",),
    "ui_routine_takes": ("count",),
    "ui_routine_count": ("count",),
    "ui_routine_kneeling": ("count",),
    "ui_routine_reason": ("why",),
    "ui_routine_saved": ("name",),
    "ui_routine_taken": ("name",),
    "ui_routine_exported": ("path",),
    "ui_routine_opened": ("path",),
    "ui_routine_deleted": ("name",),
}
