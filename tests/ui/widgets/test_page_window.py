"""The size and place of a window: inside its screen, and as the user left it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from posecheck.io.store.window_places import PLACES_FILE, WindowPlace, load_place, save_place
from posecheck.ui.widgets.page_window import PageWindow, fitted

pytestmark = pytest.mark.gui

AREA = QRect(0, 30, 1024, 570)
"""The area of a netbook that the panel at its top does not cover."""


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        (QRect(100, 100, 800, 400), QRect(100, 100, 800, 400)),
        (QRect(0, 0, 1280, 800), QRect(0, 30, 1012, 524)),
        (QRect(900, 500, 800, 400), QRect(212, 154, 800, 400)),
        (QRect(-3000, -50, 800, 400), QRect(0, 30, 800, 400)),
    ],
    ids=["inside", "too large", "over the corner", "on a screen that is gone"],
)
def test_a_window_lies_inside_its_screen(wanted: QRect, place: QRect) -> None:
    """Its bottom edge with the buttons too. The corner is that of the frame, which Qt moves."""
    assert fitted(wanted, AREA) == place
    assert AREA.contains(place.marginsAdded(QMargins(0, 0, 12, 46)))


def test_a_window_comes_back_as_it_was_left(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Size, place and whether it was maximised. A window that was left alone stores nothing."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))

    def shown() -> PageWindow:
        made = PageWindow(QWidget(), "main", QSize(600, 400))
        qtbot.addWidget(made)
        made.setCentralWidget(made.pages)
        with qtbot.waitExposed(made):
            made.show()
        return made

    first = shown()
    assert first.size() == QSize(600, 400)
    first.close()
    assert [*tmp_path.iterdir()] == []
    first.show()
    first.resize(500, 300)
    first.move(120, 90)
    first.close()
    second = shown()
    assert (second.size(), second.pos().toTuple()) == (QSize(500, 300), (120, 90))
    second.showMaximized()
    second.close()
    third = shown()
    assert third.windowState() & Qt.WindowState.WindowMaximized
    kept = load_place("main")
    assert kept == WindowPlace(120, 90, 500, 300, maximised=True)


@pytest.mark.parametrize(
    "text",
    ["", "[", "[]", '{"main": 3}', '{"main": [0, 0, 0, 10, false]}', '{"main": [0, 0, 9, 9, 1]}',
     '{"main": [0.5, 0, 9, 9, false]}', "[" * 100_000],
)  # fmt: skip
def test_a_damaged_place_is_no_place(text: str, tmp_path: Path) -> None:
    """The window takes its usual size, and the next change is stored."""
    (tmp_path / PLACES_FILE).write_text(text, encoding="utf-8")
    assert load_place("main", tmp_path) is None
    save_place("main", WindowPlace(1, 2, 3, 4), tmp_path)
    assert load_place("main", tmp_path) == WindowPlace(1, 2, 3, 4)
