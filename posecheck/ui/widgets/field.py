"""A control with its label above it: the label is its buddy and gives it its name."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from posecheck.ui.widgets.controls import column, label


def field(words: str, control: QWidget) -> QWidget:
    """`control` under its label."""
    name = label(words)
    name.setBuddy(control)
    if not control.accessibleName():
        control.setAccessibleName(words)
    made = QWidget()
    made.setLayout(column(name, control, gap=6))
    return made


def line(name: str, example: str = "") -> QLineEdit:
    """A line to type in. The example is shown while it is empty, and read out as a description."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setAccessibleDescription(example)
    made.setPlaceholderText(example)
    return made
