"""The sentences about errors that a user meets in a window, and how they are told in a language.

An error is raised with its English sentences, which the command line prints. A window gives them to
`told`, which finds each of them among the phrases `error_...` and fills their words into those of
the language. A sentence that is not among them stays English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

ERROR_PLAIN = (
    "error_ask_again", "error_bug_desk", "error_bug_session", "error_camera_allow_windows",
    "error_camera_cable", "error_camera_close", "error_camera_connect", "error_camera_open_again",
    "error_close_other", "error_defaults", "error_display", "error_elsewhere", "error_free_space",
    "error_install_posecheck", "error_install_voice", "error_no_clock", "error_no_sound",
    "error_no_sound_windows", "error_no_voice_mac",
    "error_no_voice_windows", "error_rename", "error_restart", "error_running", "error_shorter",
    "error_show_sitting", "error_stream_app", "error_stream_network", "error_stream_path",
    "error_stream_path_app", "error_stream_trust", "error_unremembered",
    "error_video_try", "error_why_busy",
    "error_why_damaged", "error_why_disk", "error_why_full", "error_why_user",
    "error_why_user_folder",
)  # fmt: skip
ERROR_FILLED: Mapping[str, tuple[str, ...]] = {
    "error_camera_busy": ("index",),
    "error_camera_found": ("list",),
    "error_camera_lost": ("name",),
    "error_camera_mac": ("index",),
    "error_camera_none": ("index",),
    "error_camera_none_at": ("index",),
    "error_camera_size": ("name",),
    "error_camera_user": ("index",),
    "error_cannot_read": ("path", "why"),
    "error_cannot_rename": ("path", "why"),
    "error_cannot_use": ("path", "why"),
    "error_cannot_write": ("path", "why"),
    "error_crash_file": ("path",),
    "error_damaged_kept": ("path", "aside"),
    "error_in_use": ("path",),
    "error_instance": ("pid",),
    "error_newer": ("what",),
    "error_no_file": ("path",),
    "error_no_sound_linux": ("command",),
    "error_no_voice_linux": ("command",),
    "error_setting": ("file", "name", "wanted", "found", "now"),
    "error_setting_left": ("file", "name", "wanted", "found"),
    "error_starts_again": ("what", "path"),
    "error_stream_code": ("name", "code"),
    "error_stream_other": ("name", "address"),
    "error_stream_page": ("name",),
    "error_stream_password": ("name",),
    "error_stream_picture": ("name",),
    "error_stream_port": ("name",),
    "error_stream_reach": ("name", "why"),
    "error_stream_silent": ("name",),
    "error_stream_still": ("name",),
    "error_video_kind": ("path",),
    "error_video_sound": ("path",),
    "error_voice_other": ("language",),
}


class LanguagePhrases(dict[str, str]):
    """The phrases of a language, with the English ones: errors are raised in English."""

    def __init__(self, own: Mapping[str, str], english: Mapping[str, str]) -> None:
        super().__init__(own)
        self.english = english


def told(phrases: Mapping[str, str], text: str) -> str:
    """An English text of one or several sentences in the language of the phrases.

    What is filled in may be a reason that has a phrase of its own.
    """
    if not isinstance(phrases, LanguagePhrases):
        return text
    templates = {key: each for key, each in phrases.english.items() if key.startswith("error_")}
    found: list[str] = []
    while text:
        for key in sorted(templates, key=lambda key: -_fixed(templates[key])):
            if match := _pattern(templates[key]).match(text):
                words = {name: told(phrases, value) for name, value in match.groupdict().items()}
                found.append(phrases[key].format(**words))
                text = text[match.end() :].lstrip()
                break
        else:
            sentence, stop, text = text.partition(". ")
            found.append(sentence + stop.strip())
    return " ".join(found)


@lru_cache(maxsize=256)
def _pattern(template: str) -> re.Pattern[str]:
    """The template at the beginning of a text, followed by another sentence or by nothing."""
    pieces = re.split(r"\{(\w+)\}", template)
    whole = "".join(
        f"(?P<{piece}>.+?)" if number % 2 else re.escape(piece)
        for number, piece in enumerate(pieces)
    )
    return re.compile(rf"{whole}(?= |$)", re.DOTALL)


def _fixed(template: str) -> int:
    """How many letters of a template do not vary: the longest is tried first."""
    return len(re.sub(r"\{\w+\}", "", template))
