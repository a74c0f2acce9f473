"""The keys of a language file about what is remembered: the store, today, progress, the plan."""

from __future__ import annotations

from collections.abc import Mapping

MEMORY_PLAIN = (
    "ui_kept_section", "ui_kept_about", "ui_kept_forget", "ui_kept_forget_ask",
    "ui_kept_forget_yes", "ui_kept_forget_no", "ui_kept_forgotten",
)  # fmt: skip
MEMORY_FILLED: Mapping[str, tuple[str, ...]] = {
    "ui_kept_place": ("path",),
}
