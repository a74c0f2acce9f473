"""The style of the pages: colours, sizes, and one style sheet for light, dark and every text size.

Sizes are logical pixels at a text scale of 1. Every text has a contrast of at least 4.5 to 1 with
its ground, every border of a control at least 3 to 1 (WCAG 2.2, AA), and every control is at least
MIN_CONTROL_PX high (WCAG 2.5.5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from posecheck.io.store.settings import ThemeChoice
from posecheck.ui.draw.theme import DARK_SCENE, LIGHT_SCENE, Rgb, SceneColours

MIN_CONTROL_PX = 48
"""Minimum height of a control. Stiff hands and touch screens need at least 44."""

TEXT_PX = 17
"""Size of plain text. It is two above the usual size, for reading from some distance."""


@dataclass(frozen=True, slots=True)
class PageColours:
    """The colours of a page, as "#rrggbb".

    ground         of the page
    surface        of cards and fields
    sunken         of areas that are less prominent than a card
    text, muted    of words, and of less important words
    line           of borders that only decorate
    edge           of borders that show where a control is
    accent         of the main button, chosen items and the focus ring
    accent_strong  of the main button under the pointer
    on_accent      of words on the accent
    tint           ground of chosen items
    care           ground of what needs attention
    care_line      of its border
    on_care        of words on it
    alert          ground of what needs help at once
    alert_line     of its border
    on_alert       of words on it
    """

    ground: str
    surface: str
    sunken: str
    text: str
    muted: str
    line: str
    edge: str
    accent: str
    accent_strong: str
    on_accent: str
    tint: str
    care: str
    care_line: str
    on_care: str
    alert: str
    alert_line: str
    on_alert: str


def _shared(scene: SceneColours, **more: str) -> PageColours:
    """The colours that pages share with sessions, and those that only controls need."""

    def name(colour: Rgb) -> str:
        return QColor(*colour).name()

    return PageColours(
        ground=name(scene.ground),
        surface=name(scene.card),
        text=name(scene.ink),
        muted=name(scene.muted),
        line=name(scene.track),
        accent=name(scene.accent),
        **more,
    )


LIGHT_PAGE = _shared(
    LIGHT_SCENE,
    sunken="#dfe5ed",
    edge="#77818f",
    accent_strong="#004077",
    on_accent="#ffffff",
    tint="#dcebf8",
    care="#fff3dc",
    care_line="#b0700c",
    on_care="#523503",
    alert="#fdeaea",
    alert_line="#b3261e",
    on_alert="#5c0f0b",
)

DARK_PAGE = _shared(
    DARK_SCENE,
    sunken="#151a22",
    edge="#7c889b",
    accent_strong="#b3e0ff",
    on_accent="#08202f",
    tint="#203a50",
    care="#3a2d12",
    care_line="#d9a03c",
    on_care="#f9e4bb",
    alert="#3d1716",
    alert_line="#f2877f",
    on_alert="#ffdad6",
)


def page_colours(wanted: ThemeChoice) -> PageColours:
    """The colours of pages for a theme. "system" follows the desktop; it is light when the desktop
    reports nothing."""
    if wanted == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK_PAGE if dark else LIGHT_PAGE
    return DARK_PAGE if wanted == "dark" else LIGHT_PAGE


def scene_colours(wanted: ThemeChoice) -> SceneColours:
    """The colours of sessions for a theme."""
    return DARK_SCENE if page_colours(wanted) is DARK_PAGE else LIGHT_SCENE


def dress(widget: QWidget, wanted: ThemeChoice, scale: float = 1.0) -> None:
    """Apply the style to a window, or to a page alone.

    Lists open without sliding and menus without fading: nothing is animated, whatever the settings
    of the desktop say.
    """
    chosen = page_colours(wanted)
    QApplication.setEffectEnabled(Qt.UIEffect.UI_General, False)
    QApplication.setPalette(palette(chosen))
    widget.setStyleSheet(stylesheet(chosen, scale))


def palette(chosen: PageColours) -> QPalette:
    """The palette for what no style sheet reaches: popups, and what pages paint themselves."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, chosen.ground),
        (role.Base, chosen.surface),
        (role.AlternateBase, chosen.sunken),
        (role.Button, chosen.surface),
        (role.Text, chosen.text),
        (role.WindowText, chosen.text),
        (role.ButtonText, chosen.text),
        (role.PlaceholderText, chosen.muted),
        (role.Mid, chosen.edge),
        (role.Midlight, chosen.line),
        (role.Highlight, chosen.accent),
        (role.HighlightedText, chosen.on_accent),
        (role.ToolTipBase, chosen.surface),
        (role.ToolTipText, chosen.text),
        (role.Link, chosen.accent),
    ):
        made.setColor(which, QColor(colour))
    return made


def stylesheet(chosen: PageColours, scale: float = 1.0) -> str:
    """The style sheet. With `scale` only texts and the controls around them grow."""
    sizes = {
        "small": 15,
        "plain": TEXT_PX,
        "large": 20,
        "heading": 23,
        "title": 34,
        "target": MIN_CONTROL_PX - 6,  # plus 3 for border and padding on both sides
        "number": 50,
        "pad": 18,
    }
    values = {name: f"{round(size * scale)}px" for name, size in sizes.items()}
    values["inner"] = (
        f"{round(sizes['pad'] * scale) - 2}px"  # the focus ring is 3 wide, the border 1
    )
    values |= {name: getattr(chosen, name) for name in PageColours.__slots__}
    return re.sub(r"@(\w+)", lambda match: values[match[1]], _SHEET)


_SHEET = """
* { font-size: @plain; color: @text; outline: 0; widget-animation-duration: 0; }
QMainWindow, QStackedWidget, QWidget#page, QWidget#pane { background: @ground; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QFrame#edge { background: transparent; border: 0; }
QFrame#edge[scrolls="true"] { background: @line; }
QLabel { background: transparent; border: 0; }
QLabel[role="title"] { font-size: @title; font-weight: 600; }
QLabel[role="heading"] { font-size: @heading; font-weight: 600; }
QLabel[role="large"] { font-size: @large; }
QLabel[role="lead"] { font-size: @large; color: @muted; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="small"] { font-size: @small; color: @muted; }
QLabel[role="brand"] { font-size: @heading; font-weight: 700; color: @accent; }
QLabel[role="badge"] {
    font-size: @small; font-weight: 600; color: @text; background: @tint;
    border-radius: 6px; padding: 4px 10px;
}
QLabel[role="care"] { color: @on_care; }
QLabel[role="care-heading"] { color: @on_care; font-size: @heading; font-weight: 600; }
QLabel[role="alert-text"] { color: @on_alert; }
QLabel[role="alert-heading"] { color: @on_alert; font-size: @heading; font-weight: 600; }

QFrame[role="card"] { background: @surface; border: 1px solid @line; border-radius: 14px; }
QFrame[role="alert"] {
    background: @alert; border: 2px solid @alert_line; border-radius: 14px;
}
QFrame[role="notice"] { background: @care; border: 1px solid @care_line; border-radius: 14px; }

QPushButton {
    background: @surface; border: 1px solid @edge; border-radius: 12px;
    min-height: @target; padding: 2px @pad; font-weight: 500;
}
QPushButton:hover { background: @tint; }
QPushButton:pressed, QPushButton:checked { background: @tint; border-color: @accent; }
QPushButton:disabled { color: @muted; background: @sunken; border-color: @line; }
QPushButton:focus { border: 3px solid @accent; padding: 0 @inner; }
QPushButton[role="main"] {
    background: @accent; color: @on_accent; border-color: @accent; font-weight: 600;
}
QPushButton[role="main"]:hover, QPushButton[role="main"]:pressed {
    background: @accent_strong; border-color: @accent_strong;
}
QPushButton[role="main"]:focus { border: 3px solid @text; background: @accent_strong; }
QPushButton[role="main"]:disabled {
    color: @muted; background: @sunken; border-color: @line;
}
QPushButton[role="quiet"] { background: transparent; border-color: transparent; color: @accent; }
QPushButton[role="quiet"]:hover { background: @tint; }
QPushButton[role="quiet"]:focus { border-color: @accent; }
QPushButton[role="choice"]:checked {
    background: @accent; color: @on_accent; border-color: @accent;
}
QPushButton[role="choice"]:checked:focus { border: 3px solid @text; }
QPushButton[role="number"] { padding: 2px 0; min-width: @number; font-size: @large; }
QPushButton[role="number"]:focus { padding: 0; }
QPushButton[role="number"]:checked { background: @accent; color: @on_accent; }
QPushButton[role="number"]:checked:focus { border: 3px solid @text; }
QPushButton[role="card"] {
    border: 1px solid @line; border-radius: 16px; padding: 2px; text-align: left;
}
QPushButton[role="card"][checkable="true"] { border-color: @edge; }
QPushButton[role="card"]:hover { background: @surface; border-color: @accent; }
QPushButton[role="card"]:checked { background: @tint; border: 2px solid @accent; padding: 1px; }
QPushButton[role="card"]:focus { border: 3px solid @accent; padding: 0; }
QPushButton[role="card"]:checked:focus { border: 3px solid @text; }
QPushButton[role="card"]:disabled { background: @sunken; }

QLineEdit, QComboBox {
    background: @surface; border: 1px solid @edge; border-radius: 12px;
    min-height: @target; padding: 2px 14px; selection-background-color: @accent;
    selection-color: @on_accent; placeholder-text-color: @muted;
}
QLineEdit:focus, QComboBox:focus { border: 3px solid @accent; padding: 0 12px; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: 0; width: 0; }
QComboBox QAbstractItemView {
    background: @surface; border: 1px solid @edge; padding: 6px; outline: 0;
}
QComboBox QAbstractItemView::item { min-height: @target; padding: 0 10px; border-radius: 8px; }
QComboBox QAbstractItemView::item:selected { background: @tint; color: @text; }

QCheckBox { background: @surface; border: 1px solid @line; border-radius: 12px; padding: 2px; }
QCheckBox:hover { border-color: @accent; }
QCheckBox:checked { background: @tint; border-color: @accent; }
QCheckBox:focus { border: 3px solid @accent; padding: 0; }

QListWidget {
    background: @surface; border: 1px solid @line; border-radius: 14px; padding: 8px;
}
QListWidget:focus { border: 3px solid @accent; padding: 6px; }
QListWidget::item { border-radius: 10px; padding: 6px 10px; border: 2px solid transparent; }
QListWidget::item:hover { background: @sunken; }
QListWidget::item:selected { background: @tint; color: @text; border: 2px solid @accent; }
QListWidget::item:disabled { color: @muted; background: transparent; }

QScrollBar:vertical { background: transparent; width: 14px; margin: 2px; }
QScrollBar::handle:vertical { background: @edge; border-radius: 5px; min-height: 48px; }
QScrollBar::handle:vertical:hover { background: @accent; }
QScrollBar:horizontal { height: 0; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip { background: @surface; color: @text; border: 1px solid @edge; padding: 6px; }
"""
