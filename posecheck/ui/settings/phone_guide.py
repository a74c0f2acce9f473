"""How a phone becomes the camera: two ways, in words.

A code to scan is not offered: it would need a server on this computer, which posecheck has not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtWidgets import QFrame

from posecheck.ui.widgets.controls import card, column, label

STEPS = (
    ("ui_phone_app_title", ("ui_phone_app_1", "ui_phone_app_2", "ui_phone_app_3")),
    ("ui_phone_cable_title", ("ui_phone_cable_1", "ui_phone_cable_2", "ui_phone_cable_3")),
)
"""The phrase of each way's name, and those of its steps."""

BARE_ADDRESS = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){3}|[\w-]+(?:\.[\w-]+)+)(?::\d+)(?:/\S*)?")
"""An address without its beginning, as phones show it: a computer and a port."""


def phone_guide(phrases: Mapping[str, str]) -> QFrame:
    """A card with the guide."""
    parts = [label(phrases["ui_phone_lead"])]
    for title, steps in STEPS:
        parts.append(label(phrases[title], "heading"))
        parts += [label(f"{at}. {phrases[key]}") for at, key in enumerate(steps, 1)]
    parts.append(label(phrases["ui_phone_place"], "muted"))
    return card(column(*parts, gap=8))


def completed(address: str) -> str:
    """The address with the http:// that phones leave out; anything else as it is."""
    return f"http://{address}" if BARE_ADDRESS.fullmatch(address) else address
