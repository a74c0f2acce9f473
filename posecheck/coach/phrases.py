"""The keys of a language file: every phrase that does not belong to an exercise.

The phrase of a key is shown on the screen; the phrase of the same key with `_say` is spoken.
`cues.Phrasebook` makes cues of them, `io/routines/language.py` reads and checks them.
"""

from __future__ import annotations

from collections.abc import Mapping

from posecheck.coach.comfort_phrases import COMFORT_FILLED, COMFORT_PLAIN
from posecheck.coach.error_phrases import ERROR_FILLED, ERROR_PLAIN
from posecheck.coach.library_phrases import LIBRARY_FILLED, LIBRARY_PLAIN
from posecheck.coach.memory_phrases import MEMORY_FILLED, MEMORY_PLAIN
from posecheck.coach.report_phrases import REPORT_FILLED, REPORT_PLAIN
from posecheck.exercise import CONTRAINDICATIONS

_PLAIN = (
    "nobody", "nobody_say", "someone_else", "someone_else_say", "sideways", "sideways_say",
    "frozen", "frozen_say", "few_pictures", "few_pictures_say", "entered", "entered_say",
    "view_front", "view_side",
    "view_oblique", "still", "still_say", "and", "seen", "seen_say", "part_head", "part_shoulder",
    "part_elbow",
    "part_wrist", "part_hip", "part_knee", "part_ankle", "part_heel", "part_foot", "part_back",
    "way_forwards", "way_backwards",
    "side_left", "side_right", "hold", "hold_say", "unchecked", "unchecked_say", "rest", "rest_say",
    "done", "done_say", "over", "over_say", "praise", "praise_say", "easier", "breathe",
    "breathe_say", "halfway",
    "halfway_say", "left_10", "left_10_say", "left_5", "left_5_say", "too_small", "too_fast",
    "too_slow", "too_short", "bad_form", "unseen", "state_ready", "state_active", "state_paused",
    "state_unseen", "state_unchecked", "state_rest", "state_done",
)  # fmt: skip

_FILLED = {
    "view_say": ("shown", "hint"),
    "wrong_side": ("side",),
    "wrong_side_say": ("side", "other"),
    "parts": ("parts",),
    "parts_say": ("parts",),
    "side_means": ("means", "side"),
    "start": ("name",),
    "start_say": ("name", "side", "dose"),
    "again": ("name",),
    "again_say": ("dose",),
    "other_way": ("way",),
    "other_way_say": ("way", "dose"),
    "other_side": ("side",),
    "other_side_say": ("side", "dose"),
    "dose_hold": ("count",),
    "dose_reps": ("count",),
    "dose_time": ("count",),
    "rest_next": ("name",),
    "rest_next_say": ("name",),
    "rest_next_side": ("side",),
    "rest_next_side_say": ("side",),
    "next": ("name",),
    "next_say": ("name",),
    "next_side": ("side",),
    "next_side_say": ("side",),
    "easier_say": ("easier",),
    "about": ("value",),
    "wanted": ("band",),
    "band": ("low", "high"),
    "band_least": ("low",),
    "band_most": ("high",),
    "rep": ("count",),
    "rep_say": ("count",),
}

# A led session: where to be, pauses, offers, the screen
_LED_PLAIN = (
    "place_alone", "place_alone_say", "place_dark", "place_dark_say", "place_bright",
    "place_bright_say", "place_back", "place_back_say", "place_closer", "place_closer_say",
    "place_left", "place_left_say", "place_left_screen", "place_left_screen_say", "place_right",
    "place_right_say", "place_right_screen", "place_right_screen_say", "place_along",
    "place_along_say", "place_lower", "place_lower_say", "place_raise", "place_raise_say",
    "place_level", "place_level_say", "into_standing", "into_standing_say", "into_sitting",
    "into_sitting_say", "into_chair", "into_chair_say", "into_quadruped", "into_quadruped_say",
    "into_kneeling", "into_kneeling_say", "into_supine", "into_supine_say", "into_prone",
    "into_prone_say", "into_side_lying", "into_side_lying_say", "begin", "begin_say", "hard",
    "hard_say", "halt_person", "halt_person_say", "halt_person_detail", "halt_left",
    "halt_left_say", "halt_left_detail", "halt_call", "halt_call_say", "halt_camera",
    "halt_camera_say", "halt_camera_detail",
    "resumed", "resumed_say", "offer_unchecked", "offer_unchecked_say",
    "offer_unchecked_detail", "offer_range", "offer_range_say", "offer_range_detail",
    "range_taken", "range_taken_say", "ended", "ended_say", "state_placing", "state_halted",
    "state_pain", "state_lost", "unit_seconds", "unit_seconds_left", "unit_reps_open",
    "key_space", "do_pause", "do_go_on", "do_skip", "do_back", "do_pain", "do_mute", "do_help",
    "do_uncheck", "do_range", "do_close",
    "starting", "do_unmute", "do_full", "do_leave", "help_title", "help_signs", "help_still",
    "help_arms", "help_out", "help_keys", "help_pause", "help_skip", "help_back", "help_pain",
    "help_kind", "help_easing", "help_uncheck", "help_range", "help_mute", "help_full",
    "help_help", "help_leave", "help_colours", "help_tones",
    "help_state_placing", "help_state_ready", "help_state_active", "help_state_paused",
    "help_state_unseen", "help_state_unchecked", "help_state_rest", "help_state_halted",
    "help_state_pain", "help_state_lost", "help_tone_runs", "help_tone_stopped", "help_tone_rep",
    "help_tone_unseen", "help_tone_done",
    "help_close", "leave_title", "leave_text", "leave_stay", "leave_leave", "trouble_title",
    "trouble_again", "trouble_home", "trouble_settings", "trouble_camera",
)  # fmt: skip
# A session without a camera
_CLOCK_PLAIN = (
    "no_camera", "no_camera_say", "halt_clock", "halt_clock_say", "halt_clock_detail",
    "unit_begins", "do_no_camera", "trouble_no_camera", "sum_head_unchecked", "sum_head_none",
    "ui_camera_without", "ui_camera_without_about", "ui_camera_test", "ui_camera_works",
    "ui_phone_title", "ui_phone_lead", "ui_phone_app_title", "ui_phone_app_1", "ui_phone_app_2",
    "ui_phone_app_3", "ui_phone_cable_title", "ui_phone_cable_1", "ui_phone_cable_2",
    "ui_phone_cable_3", "ui_phone_place", "desk_state_unwatched", "ui_desk_clock_title",
    "state_waiting", "waiting_rep", "waiting_pose",
    "ui_desk_clock_about", "ui_desk_clock_look", "ui_desk_clock_still",
)  # fmt: skip
_LED_FILLED = {
    "own_pace": ("count",),
    "ui_progress_unchecked": ("name", "sessions"),
    "ui_desk_clock_until": ("sat", "until"),
    "other_flank": ("side",),
    "other_flank_say": ("side",),
    "set_of": ("number", "of"),
    "unit_reps": ("count",),
}

# The summary
_SUMMARY_PLAIN = (
    "sum_head", "sum_head_pain", "sum_head_unseen", "sum_head_nothing", "sum_nothing",
    "sum_both_sides", "sum_steady", "sum_good", "sum_keep_practising", "sum_worst_title",
    "sum_eased", "sum_note_skipped", "sum_note_skipped_partly", "sum_note_pain", "sum_note_hard",
    "sum_disclaimer", "sum_save", "sum_copy", "sum_again", "sum_home", "sum_copied", "sum_page",
)  # fmt: skip
_SUMMARY_FILLED = {
    "sum_seconds": ("count",),
    "sum_minutes": ("minutes",),
    "sum_minutes_seconds": ("minutes", "count"),
    "sum_correct": ("time",),
    "sum_wrong": ("time",),
    "sum_cant_tell": ("time",),
    "sum_unchecked": ("time",),
    "sum_reps": ("count",),
    "sum_reps_of": ("count", "wanted"),
    "sum_not_counted": ("reasons",),
    "sum_too_small": ("count",),
    "sum_too_fast": ("count",),
    "sum_too_slow": ("count",),
    "sum_too_short": ("count",),
    "sum_bad_form": ("count",),
    "sum_unseen": ("count",),
    "sum_form": ("form",),
    "sum_fault": ("cue",),
    "sum_fault_time": ("time",),
    "sum_worst": ("words",),
    "sum_saved": ("path",),
}

# Safety
_SAFETY_PLAIN = (
    "ask_surgery", "ask_osteoporosis", "ask_joint", "ask_pregnancy", "ask_heart", "ask_dizzy",
    "ask_illness", *(f"tag_{tag}" for tag in CONTRAINDICATIONS),
    "ask_treatment", "ask_leg", "ask_advice", "ask_confirm", "emergency_numb",
    "emergency_bladder", "emergency_sexual", "emergency_legs", "emergency_chest",
    "emergency_accident", "emergency_act", "soon_ill", "soon_lump", "soon_night", "soon_cough",
    "soon_place", "soon_weeks", "soon_act", "disclaimer", "pain_today",
    "pain_today_least", "pain_today_most", "gentle_offer", "gentle_offer_say", "gentle_yes",
    "gentle_no", "pain_pause", "pain_pause_say", "pain_ask", "pain_ask_say", "pain_sharp",
    "pain_spreading", "pain_mild_answer", "pain_mild", "pain_mild_say", "pain_easing",
    "pain_easing_say", "pain_yes", "pain_no", "pain_care", "pain_care_say", "pain_stop",
    "pain_stop_say", "pain_end", "pain_end_say", "pain_resume", "pain_resume_say",
    "nothing_left_say",
)  # fmt: skip
_SAFETY_FILLED = {
    "changed_say": ("name", "other"),
    "dropped_say": ("name",),
    "eased_say": ("name",),
}

# The desk
_DESK_PLAIN = (
    "desk_slouch", "desk_slouch_say", "desk_choice", "desk_head", "desk_too_close",
    "desk_shoulders_up", "desk_tilted", "desk_looking_down", "desk_camera", "desk_offer_break",
    "desk_state_upright", "desk_state_slouching", "desk_state_head_forward",
    "desk_state_too_close", "desk_state_shoulders_up", "desk_state_tilted",
    "desk_state_looking_down", "desk_state_turned", "desk_state_reclined",
    "desk_state_hand_at_face", "desk_state_standing", "desk_state_away", "desk_state_unreliable",
    "desk_state_frozen", "desk_state_calibrating", "desk_setup_tall", "desk_setup_tall_say",
    "desk_setup_tired",
    "desk_setup_tired_say", "desk_setup_keyboard", "desk_setup_keyboard_say", "desk_setup_left",
    "desk_setup_left_say", "desk_setup_right", "desk_setup_right_say", "desk_setup_done",
    "desk_setup_done_say", "desk_setup_done_one_say", "desk_setup_moving", "desk_setup_moving_say",
    "desk_setup_unseen", "desk_setup_unseen_say", "desk_setup_alone", "desk_setup_alone_say",
    "desk_setup_dark", "desk_setup_dark_say", "desk_setup_frozen",
    "desk_setup_frozen_say", "desk_setup_further", "desk_setup_further_say",
    "desk_setup_sink", "desk_setup_sink_say", "desk_setup_cannot_tell",
    "desk_setup_cannot_tell_say", "desk_break_sunk", "desk_break_forward", "desk_break_shoulders",
    "desk_break_aside", "desk_break_still", "desk_break_any",
)  # fmt: skip

# The window
_WINDOW_PLAIN = (
    "ui_next", "ui_back", "ui_finish", "ui_skip", "ui_yes", "ui_no", "ui_home_title",
    "ui_home_lead", "ui_guided_title", "ui_guided_about", "ui_guided_lead", "ui_practise_title",
    "ui_practise_about", "ui_desk_title", "ui_desk_about", "ui_settings_title",
    "ui_about_title", "ui_locked_title", "ui_locked_text", "ui_locked_answer", "ui_then",
    "ui_position_standing", "ui_position_sitting", "ui_position_chair", "ui_position_quadruped",
    "ui_position_supine", "ui_position_prone", "ui_position_side_lying", "ui_position_kneeling",
    "ui_need_mat", "ui_need_chair", "ui_routine_nothing", "ui_search", "ui_search_example",
    "ui_practise_list", "ui_practise_start", "ui_check_full",
    "ui_check_partial", "ui_check_none", "ui_group_warmup", "ui_group_upper",
    "ui_group_lower_back", "ui_group_glutes_hams", "ui_group_core", "ui_group_desk",
    "ui_group_other", "ui_welcome_title", "ui_welcome_lead", "ui_welcome_camera",
    "ui_welcome_private", "ui_welcome_stop", "ui_disclaimer_title", "ui_screening_title",
    "ui_screening_lead", "ui_screening_missing", "ui_help_title",
    "ui_soon_title", "ui_reviewed_none", "ui_advice_title",
    "ui_advice_lead", "ui_advice_locked", "ui_body_title", "ui_body_lead", "ui_body_ticked",
    "ui_camera_title", "ui_camera_lead",
    "ui_voice_title", "ui_voice_lead", "ui_level_title", "ui_level_lead", "ui_level_1",
    "ui_level_1_about", "ui_level_2", "ui_level_2_about", "ui_level_3", "ui_level_3_about",
    "ui_camera_section", "ui_camera_which", "ui_camera_other", "ui_camera_address",
    "ui_camera_example", "ui_camera_file", "ui_camera_again", "ui_camera_show", "ui_camera_none",
    "ui_camera_off", "ui_camera_opening", "ui_camera_preview", "ui_camera_private",
    "ui_voice_section", "ui_talk", "ui_talk_off", "ui_talk_quiet", "ui_talk_normal",
    "ui_talk_full", "ui_talk_off_about", "ui_talk_quiet_about", "ui_talk_normal_about",
    "ui_talk_full_about", "ui_voice_test", "ui_voice_sample", "ui_voice_heard",
    "ui_voice_missing", "ui_daily_lead", "ui_level_section", "ui_looks_section",
    "ui_safety_section", "ui_comfort_section", "ui_scale", "ui_scale_100", "ui_scale_125",
    "ui_scale_150", "ui_theme", "ui_theme_system", "ui_theme_light", "ui_theme_dark", "ui_calm",
    "ui_side", "ui_safety_again", "ui_safety_none", "ui_safety_yes", "ui_comfort_forget",
    "ui_saved", "ui_private_title", "ui_private_text", "ui_folder_settings", "ui_folder_days",
    "ui_folder_log", "ui_folder_open", "ui_version_title", "ui_licences",
    "ui_language", "ui_language_system", "ui_language_next",
    "ui_voice_volume", "ui_voice_rate", "ui_tone_volume", "ui_sound_off", "ui_sound_soft",
    "ui_sound_middle", "ui_sound_full", "ui_sound_slow", "ui_sound_usual", "ui_sound_fast",
)  # fmt: skip
_WINDOW_FILLED = {
    "ui_step": ("number", "count"),
    "ui_minutes": ("count",),
    "ui_version": ("version",),
    "ui_screening_open": ("count",),
    "ui_need": ("things",),
    "ui_routine_changed": ("count",),
    "ui_practise_not": ("why",),
    "ui_not_checked": ("what",),
    "ui_reviewed": ("name", "day"),
    "ui_comfort_kept": ("count",),
}


# The desk's windows
_DESK_WINDOW_PLAIN = (
    "ui_desk_fine", "ui_desk_amber", "ui_desk_paused", "ui_desk_pause", "ui_desk_pause_tomorrow",
    "ui_desk_resume", "ui_desk_stood", "ui_desk_sat_again", "ui_desk_today", "ui_desk_preview",
    "ui_desk_recalibrate", "ui_desk_quit", "ui_desk_open", "ui_desk_more",
    "ui_desk_close", "ui_desk_tall",
    "ui_desk_recline", "ui_desk_stand", "ui_desk_later", "ui_desk_done", "ui_desk_keep",
    "ui_desk_question_about",
    "ui_desk_break_yes", "ui_desk_break_section", "ui_desk_break_stand", "ui_desk_break_again",
    "ui_desk_break_routine", "ui_desk_break_walk", "ui_desk_break_up", "ui_desk_break_now",
    "ui_desk_setup_title", "ui_desk_setup_lead", "ui_desk_part_tall", "ui_desk_part_tall_about",
    "ui_desk_part_tired", "ui_desk_part_tired_about", "ui_desk_part_keyboard",
    "ui_desk_part_keyboard_about", "ui_desk_part_aside", "ui_desk_part_aside_about",
    "ui_desk_setup_begin", "ui_desk_setup_skip", "ui_desk_setup_cancel", "ui_desk_setup_again",
    "ui_desk_setup_anyway", "ui_desk_setup_picture", "ui_desk_setup_done_title",
    "ui_desk_setup_two", "ui_desk_setup_one", "ui_desk_setup_raise_title", "ui_desk_setup_raise",
    "ui_desk_private", "ui_desk_no_picture", "ui_desk_line_tall", "ui_desk_line_begins",
    "ui_desk_line_tired", "ui_desk_index", "ui_desk_index_within", "ui_desk_index_beyond",
    "ui_desk_index_unknown", "ui_desk_preview_about",
    "ui_work_title", "ui_work_distance_near", "ui_work_distance_fine", "ui_work_distance_far",
    "ui_work_distance_unknown", "ui_work_height_fine", "ui_work_height_low",
    "ui_work_height_unknown", "ui_work_square_fine", "ui_work_square_turned",
    "ui_work_square_unknown", "ui_desk_due", "ui_desk_strip",
    "ui_desk_strip_empty", "ui_desk_hours_work", "ui_desk_hours_all", "ui_desk_way_standing",
    "ui_desk_way_tall", "ui_desk_way_back", "ui_desk_way_elsewhere", "ui_desk_way_near",
    "ui_desk_way_sunk", "ui_desk_way_away", "ui_desk_way_unknown", "ui_desk_way_off",
    "ui_desk_score", "ui_desk_score_about", "ui_desk_score_early", "ui_desk_share_variety",
    "ui_desk_share_breaks", "ui_desk_share_upright", "ui_desk_plenty", "ui_desk_some",
    "ui_desk_little", "ui_desk_breaks_none", "ui_desk_week", "ui_desk_days", "ui_desk_trend_more",
    "ui_desk_trend_same", "ui_desk_trend_less", "ui_desk_trend_few", "ui_desk_section",
    "ui_desk_mode", "ui_desk_mode_30", "ui_desk_mode_20", "ui_desk_mode_50", "ui_desk_sense",
    "ui_desk_sense_low", "ui_desk_sense_normal", "ui_desk_sense_high", "ui_desk_sense_about",
    "ui_desk_nudges", "ui_desk_voice", "ui_desk_saver", "ui_desk_quiet", "ui_desk_quiet_on",
    "ui_desk_quiet_from", "ui_desk_quiet_to", "ui_desk_camera", "ui_desk_camera_same",
    "ui_desk_start", "ui_desk_start_failed", "ui_desk_forget", "ui_desk_forget_ask",
    "ui_desk_forget_yes", "ui_desk_forget_no", "ui_desk_forgotten", "ui_desk_setup_expired",
)  # fmt: skip
_DESK_WINDOW_FILLED = {
    "ui_desk_paused_until": ("until",),
    "ui_desk_tip": ("state",),
    "ui_desk_pause_minutes": ("count",),
    "ui_desk_break_move": ("count",),
    "ui_desk_sat": ("count",),
    "ui_desk_minutes": ("count",),
    "ui_desk_hours": ("hours", "minutes"),
    "ui_desk_until": ("sat", "until"),
    "ui_desk_score_of": ("count",),
    "ui_desk_breaks_of": ("taken", "due"),
}

PHRASES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            *_PLAIN,
            *_LED_PLAIN,
            *_CLOCK_PLAIN,
            *_SUMMARY_PLAIN,
            *_SAFETY_PLAIN,
            *_DESK_PLAIN,
            *_WINDOW_PLAIN,
            *_DESK_WINDOW_PLAIN,
            *MEMORY_PLAIN,
            *REPORT_PLAIN,
            *ERROR_PLAIN,
            *COMFORT_PLAIN,
            *LIBRARY_PLAIN,
        ),
        frozenset[str](),
    ),
    **{
        key: frozenset(words)
        for table in (
            _FILLED,
            _SAFETY_FILLED,
            _LED_FILLED,
            _SUMMARY_FILLED,
            _WINDOW_FILLED,
            _DESK_WINDOW_FILLED,
            MEMORY_FILLED,
            REPORT_FILLED,
            ERROR_FILLED,
            COMFORT_FILLED,
            LIBRARY_FILLED,
        )
        for key, words in table.items()
    },
}
"""Every phrase that a language must have -> the words in braces that it must contain."""
