"""The keys of a language file about what is remembered: the store, today, progress, the plan."""

from __future__ import annotations

from collections.abc import Mapping

_KEPT = (
    "ui_kept_section", "ui_kept_about", "ui_kept_forget", "ui_kept_forget_ask",
    "ui_kept_forget_yes", "ui_kept_forget_no", "ui_kept_forgotten", "ui_all_about",
    "ui_all_forget", "ui_all_forget_ask", "ui_all_forget_yes", "ui_all_forget_no",
    "ui_all_forgotten",
)  # fmt: skip
_PLAN = (
    "ui_plan_section", "ui_plan_goal", "ui_plan_goal_back", "ui_plan_goal_upper",
    "ui_plan_goal_hips", "ui_plan_goal_all", "ui_plan_minutes", "ui_plan_days", "ui_plan_walk",
    "ui_plan_walk_none", "ui_plan_equipment", "ui_plan_mat", "ui_plan_chair", "ui_plan_strap",
    "ui_plan_roller", "ui_plan_bike", "ui_plan_dumbbells", "ui_plan_older", "ui_remind_at",
    "ui_remind_never", "ui_remind_system", "ui_progress_desk", "ui_after_ask", "ui_after_thanks",
)  # fmt: skip
_PAGES = (
    "ui_today_title", "ui_today_lead", "ui_today_none", "ui_today_open", "ui_today_progress",
    "ui_today_start", "ui_today_done", "ui_today_was_done", "ui_today_skip", "ui_today_move",
    "ui_today_read", "ui_today_continue_yes", "ui_today_hurt_better", "ui_today_hurt_same",
    "ui_today_hurt_worse", "ui_today_hurt_thanks", "ui_today_week", "ui_track_walking",
    "ui_track_breathing", "ui_track_lesson", "ui_breathing_how", "ui_walking_how",
    "plan_why_track_mobility", "plan_why_track_strength", "plan_why_track_walking",
    "plan_why_track_breathing", "plan_why_lesson", "plan_why_sore", "plan_why_acute",
    "plan_why_change_pain", "plan_why_change_form", "plan_why_change_away",
    "plan_why_change_own", "plan_why_moved", "plan_why_refused_day", "plan_why_refused_twice",
    "plan_why_refused_minutes", "plan_why_refused_days", "plan_why_refused_rest",
    "plan_ask_ACUTE", "plan_ask_PREG", "ui_progress_title", "ui_progress_lead",
    "ui_progress_none", "ui_progress_period", "ui_progress_minutes", "ui_progress_ranges",
    "ui_progress_ranges_none", "ui_progress_faults", "ui_progress_faults_none",
    "ui_progress_pain", "ui_progress_exercises", "ui_progress_report", "ui_progress_calendar",
)  # fmt: skip
_LESSONS = (
    "ui_lessons_title", "ui_lessons_lead", "ui_lessons_open", "ui_lesson_read", "ui_lesson_hear",
    "ui_lesson_hush", "ui_lesson_silent", "ui_lesson_sources", "ui_lesson_unreviewed",
    "ui_lesson_camera", "ui_today_less", "ui_today_more", "gentle_kind",
)  # fmt: skip
MEMORY_PLAIN = (*_KEPT, *_PLAN, *_PAGES, *_LESSONS)
MEMORY_FILLED: Mapping[str, tuple[str, ...]] = {
    "ui_lesson_reviewed": ("who", "day"),
    "ui_kept_place": ("path",),
    "personal_start_say": ("names",),
    "remind_due": ("things",),
    "ui_today_due": ("things",),
    "ui_today_last": ("day", "name", "minutes"),
    "ui_today_last_pain": ("day", "name"),
    "ui_today_continue": ("name",),
    "ui_today_hurt": ("name",),
    "ui_today_rests": ("names",),
    "ui_today_week_about": ("done",),
    "ui_today_minutes": ("name", "minutes"),
    "plan_why_new": ("exercise",),
    "plan_why_rise_minutes": ("count",),
    "plan_why_rise_days": ("count",),
    "plan_why_rise_level": ("count",),
    "plan_why_show_someone": ("exercise",),
    "ui_progress_weeks": ("count",),
    "ui_progress_share": ("name", "share", "sessions"),
    "ui_progress_rarer": ("exercise", "cue", "before", "after"),
    "ui_progress_saved": ("path",),
    "ui_progress_desk_hour": ("hour", "sunk", "sitting"),
    "ui_progress_desk_day": ("day", "sunk", "sitting"),
}
