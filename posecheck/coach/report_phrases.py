"""The keys of a language file about numbers, days, measures, charts and the report."""

from __future__ import annotations

from collections.abc import Mapping

METRICS = (
    "arm_cross", "arm_ext", "back_turn_delta", "chest_turn", "chest_yaw_to_work", "elbow_angle",
    "hip_angle", "hip_flex", "knee_angle", "knee_rise", "leg_elev", "leg_slope", "leg_spread",
    "lift_trunk", "shoulder_elev", "shoulder_yaw_delta_abs", "shrug_index", "thigh_incl",
    "trunk_incl", "trunk_incl_abs", "wrist_swing",
)  # fmt: skip
"""Metrics whose best ranges are remembered: `metric_` and the name is what a user calls it."""
_METRICS = tuple(f"metric_{name}" for name in METRICS)
_CHARTS = (
    "chart_correct", "chart_wrong", "chart_cant_tell", "chart_unchecked", "chart_weeks",
    "chart_weeks_about", "chart_pain", "chart_pain_about", "chart_desk_well", "chart_desk_sunk",
    "chart_desk_moved", "chart_desk_other", "chart_desk", "chart_desk_days",
    "chart_desk_days_about", "chart_calendar",
)  # fmt: skip
_REPORT = (
    "report_title", "report_name", "report_about", "report_short", "report_none",
    "report_range_none", "report_done", "report_well", "report_exercise", "report_sessions",
    "report_sets", "report_right", "report_cant_tell", "report_reps", "report_ranges",
    "report_measured", "report_first_last", "report_faults", "report_said", "report_in_all",
    "report_share", "report_pain", "report_day", "report_kind", "report_followed", "report_dose",
    "report_whole_dose", "report_cannot", "report_cannot_camera", "report_cannot_tell",
    "report_both", "report_side_left", "report_side_right", "report_sides",
    "report_only_timed", "report_as_file", "report_unknown_band", "report_no_claim",
    "report_trend_more", "report_trend_less", "report_trend_same", "report_trend_unknown",
    "report_fault_less", "report_fault_more", "report_fault_same", "report_fault_unknown",
    "report_refused_too_small", "report_refused_too_fast", "report_refused_too_slow",
    "report_refused_too_short", "report_refused_bad_form", "report_refused_unseen",
    "report_end_eased", "report_end_stopped", "report_end_ended", "report_end_unknown",
    "report_kind_sharp", "report_kind_spreading", "report_kind_mild", "report_kind_none",
)  # fmt: skip
_NUMBERS = ("language_code", "decimal_mark", "months", "weekdays", "weekday_letters")
REPORT_PLAIN = (*_METRICS, *_CHARTS, *_REPORT, *_NUMBERS)
REPORT_FILLED: Mapping[str, tuple[str, ...]] = {
    "day_month": ("day", "month"),
    "day_month_year": ("day", "month", "year"),
    "percent": ("value",),
    "count_sessions": ("count",),
    "count_days": ("count",),
    "count_sets": ("count",),
    "count_planned_sets": ("count",),
    "chart_range": ("name",),
    "chart_desk_about": ("count",),
    "report_period": ("since", "until"),
    "report_made": ("since", "until", "made"),
    "report_sum": ("sessions", "days", "ends", "time"),
    "report_outcome_done": ("count",),
    "report_outcome_left": ("count",),
    "report_outcome_pain": ("count",),
    "report_outcome_running": ("count",),
    "report_outcome_error": ("count",),
    "report_stops": ("sets", "names"),
    "report_moved": ("list",),
    "report_worst": ("cue", "exercise", "count", "of"),
    "report_pain_few": ("days",),
    "report_pain_change": ("before", "after", "least"),
    "report_programme": ("title",),
    "report_by": ("author", "since", "until", "count"),
    "report_of": ("count", "of"),
    "report_reached": ("count", "planned"),
    "report_less_often": ("names",),
    "report_counted": ("count",),
    "report_refused": ("list",),
    "report_ranges_about": ("degrees",),
    "report_ranges_more": ("count",),
    "report_faults_more": ("count",),
    "report_events_more": ("count",),
    "report_after": ("sessions", "better", "same", "worse"),
    "report_best": ("value", "band"),
    "report_change": ("first", "last", "band", "verdict"),
    "report_amount_reps": ("count",),
    "report_amount_s": ("count",),
    "report_not_judged": ("list",),
    "report_record": ("version", "model"),
    "report_versions": ("version", "made"),
}
