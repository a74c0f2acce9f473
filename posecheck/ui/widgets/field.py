"""A control with a label above it. The label is its buddy and gives it its accessible name."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from posecheck.ui.widgets.controls import column, label


def field(words: str, control: QWidget) -> QWidget:
    """A control below its label."""
    name = label(words)
    name.setBuddy(control)
    if not control.accessibleName():
        control.setAccessibleName(words)
    made = QWidget()
    made.setLayout(column(name, control, gap=6))
    return made


def line(name: str, example: str = "") -> QLineEdit:
    """A line to type in. It shows the example while it is empty; a screen reader reads the example
    as its description."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setAccessibleDescription(example)
    made.setPlaceholderText(example)
    return made
