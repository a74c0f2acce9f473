"""The summary on the screen and as a picture: nothing is cut, all can be read and pressed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from bodies import Figure, Leg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posecheck.coach.summary import (
    SECONDS_PARTS,
    ExerciseSummary,
    SecondsPart,
    Summary,
    Worst,
    text_lines,
)
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.settings import ThemeChoice
from posecheck.pose import Joint
from posecheck.ui.draw.skeleton import draw_small_skeleton
from posecheck.ui.session.page import summary_scale
from posecheck.ui.session.summary_page import SummaryPage
from posecheck.ui.session.summary_picture import paint_summary, summary_height, summary_picture
from posecheck.ui.widgets.style import page_colours

PHRASES = load_phrases("en")
BENT = Figure(facing=90.0, right_leg=Leg(60, 90)).pose()
WORST = Worst(BENT, ((Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),), "about 90°")
FULL = ExerciseSummary(
    "stretch", "Standing stretch", "both sides", True, 40.0, 9.0, 5.0, 0.0, 7, 8,
    (("too_small", 1),), "good", "Bring heel to back pocket", 9.0, "Heel up. It stretches.", WORST,
    True, "Stopped because of pain",
)  # fmt: skip
PLAIN = ExerciseSummary(
    "walk", "Walking", "", False, 0.0, 0.0, 0.0, 65.0, 0, None, (), "", "", 0.0, "", None, False, ""
)
SUMMARY = Summary("Morning", "Well done.", 40.0, 9.0, 5.0, 65.0, (FULL, PLAIN), ("Slept well.",))
EMPTY = Summary("Morning", "Ready.", 0.0, 0.0, 0.0, 0.0, (), ())

pytestmark = [pytest.mark.gui, pytest.mark.usefixtures("qapp")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_nothing_reaches_the_edge_of_the_picture(theme: ThemeChoice, scale: float) -> None:
    """At every text size an empty border surrounds everything that is drawn."""
    picture = summary_picture(SUMMARY, PHRASES, theme, scale)
    ground = QColor(page_colours(theme).ground).rgb()
    width, height = picture.width(), picture.height()
    border = {picture.pixel(x, y) for x in range(width) for y in (*range(20), height - 1)}
    border |= {picture.pixel(x, y) for y in range(height) for x in (*range(20), width - 1)}
    assert border == {ground}


def test_more_content_needs_more_height() -> None:
    """The height depends on the content, the text size and the width."""
    full = summary_height(1280, SUMMARY, PHRASES)
    assert summary_height(1280, EMPTY, PHRASES) < full
    assert full < summary_height(1280, SUMMARY, PHRASES, 1.5)
    assert full < summary_height(520, SUMMARY, PHRASES)


def shades(part: SecondsPart) -> tuple[int, int]:
    """Pixels inside the bar of a summary with only one kind of seconds: how many have the colour of
    the surface, and how many have the most common other colour."""
    correct, wrong, cant_tell, unchecked = (50.0 if kind == part else 0.0 for kind in SECONDS_PARTS)
    summary = Summary("", "", correct, wrong, cant_tell, unchecked, (), ())
    picture = summary_picture(summary, PHRASES, "light")
    top = next(y for y in range(picture.height()) if picture.pixel(600, y) != picture.pixel(0, 0))
    inside = Counter(picture.pixel(x, y) for x in range(600, 642) for y in range(top + 4, top + 18))
    surface = inside.pop(QColor(page_colours("light").surface).rgb(), 0)
    return surface, max(inside.values(), default=0)


def test_kinds_of_seconds_differ_without_colour() -> None:
    """The four kinds are full, striped, dotted and empty."""
    whole = 42 * 14
    assert shades("correct") == (0, whole)
    assert shades("unchecked") == (whole, 0)
    striped, dotted = shades("wrong"), shades("cant_tell")
    assert 0 < dotted[0] < dotted[1]
    assert striped[0] == 0
    assert striped[1] < dotted[1] < whole


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_two_themes_differ(theme: ThemeChoice) -> None:
    """Each theme has its own ground."""
    image = QImage(900, 700, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        paint_summary(painter, QSize(900, 700), EMPTY, PHRASES, theme)
    assert image.pixelColor(890, 690) == QColor(page_colours(theme).ground)


def test_the_marked_limb_is_drawn_thicker_and_in_its_colour() -> None:
    """The wrong limb differs by more than its colour."""
    bone, mark, ground = QColor("blue"), QColor("red"), QColor("white")

    def drawn(*chains: tuple[Joint, ...]) -> QImage:
        image = QImage(200, 200, QImage.Format.Format_RGB32)
        image.fill(ground)
        with QPainter(image) as painter:
            draw_small_skeleton(painter, QRectF(20, 20, 160, 160), BENT, chains, bone, mark, ground)
        return image

    def count(image: QImage, colour: QColor) -> int:
        return sum(image.pixelColor(x, y) == colour for x in range(200) for y in range(200))

    plain, marked = drawn(), drawn(*WORST.lines)
    assert count(plain, mark) == 0
    assert count(marked, mark) > count(plain, bone) - count(marked, bone) > 0


def test_a_body_that_was_not_seen_is_not_drawn() -> None:
    """Without joints the field stays empty and nothing fails."""
    lost = Figure().pose()
    lost.px[:] = float("nan")
    image = QImage(50, 50, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        black = QColor("black")
        draw_small_skeleton(painter, QRectF(0, 0, 50, 50), lost, WORST.lines, black, black, black)
    assert {image.pixel(x, y) for x in range(50) for y in range(50)} == {QColor("white").rgb()}


def page(qtbot: QtBot, path: Path | None = None) -> SummaryPage:
    made = SummaryPage(SUMMARY, PHRASES, "light", ask_path=lambda: path)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def test_a_screen_reader_gets_the_whole_text(qtbot: QtBot) -> None:
    """The sheet can get the focus and has the whole text as its description; buttons have names."""
    made = page(qtbot)
    assert made.sheet.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert made.sheet.accessibleDescription() == "\n".join(text_lines(SUMMARY, PHRASES))
    buttons = (made.save_button, made.copy_button, made.again_button, made.home_button)
    assert all(button.accessibleName() == button.text() for button in buttons)


def test_the_sheet_is_as_tall_as_its_content(qtbot: QtBot) -> None:
    """Nothing is cut; the page scrolls."""
    made = page(qtbot)
    qtbot.waitUntil(lambda: made.sheet.height() >= made.sheet.heightForWidth(made.sheet.width()))
    assert made.area.verticalScrollBar().maximum() > 0


def test_the_focus_can_be_seen(qtbot: QtBot) -> None:
    """The sheet shows its focus after the Tab key, but not when the page has just appeared."""
    made = page(qtbot)

    def edge() -> QColor:
        return made.sheet.grab().toImage().pixelColor(1, 100)

    made.enter()
    qtbot.waitUntil(made.sheet.hasFocus)
    assert edge() != QColor(page_colours("light").accent)
    QTest.keyClick(made.sheet, Qt.Key.Key_Tab)
    QTest.keyClick(made.save_button, Qt.Key.Key_Backtab)
    assert made.sheet.hasFocus()
    assert edge() == QColor(page_colours("light").accent)


def test_saving_writes_the_picture(qtbot: QtBot, tmp_path: Path) -> None:
    """The picture is a PNG of the usual width. A name without a suffix gets one."""
    made = page(qtbot, tmp_path / "morning")
    made.save_button.click()
    assert QImage(str(tmp_path / "morning.png")).width() == 1280
    assert made.message.text() == PHRASES["sum_saved"].format(path=tmp_path / "morning.png")


def test_a_failed_save_is_reported(qtbot: QtBot, tmp_path: Path) -> None:
    """The page shows a sentence, and no incomplete file is left."""
    (tmp_path / "file").write_text("")
    made = page(qtbot, tmp_path / "file" / "morning.png")
    made.save_button.click()
    assert "cannot be written" in made.message.text()
    assert made.message.isVisible()
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_cancelling_saves_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    """Without a path nothing is written and no message appears."""
    made = page(qtbot)
    made.save_button.click()
    assert not made.message.isVisible()


def test_the_text_can_be_copied(qtbot: QtBot) -> None:
    """The clipboard gets the text that a terminal would show."""
    page(qtbot).copy_button.click()
    assert QGuiApplication.clipboard().text() == "\n".join(text_lines(SUMMARY, PHRASES))


def test_keys_lead_home_and_on(qtbot: QtBot) -> None:
    """Escape goes home; Return presses a button."""
    made = page(qtbot)
    with qtbot.waitSignal(made.home):
        QTest.keyClick(made.sheet, Qt.Key.Key_Escape)
    made.again_button.setFocus()
    with qtbot.waitSignal(made.again):
        QTest.keyClick(made.again_button, Qt.Key.Key_Return)


def test_the_summary_is_enlarged_on_the_screen_alone(qtbot: QtBot, tmp_path: Path) -> None:
    """It is read while one gets up; the letters of a saved picture stay as they are."""
    made = page(qtbot, tmp_path / "a.png")
    before = made.sheet.heightForWidth(1000)
    made.save_button.click()
    made.sheet.enlarge(summary_scale(1.0, 1080))
    assert made.sheet.heightForWidth(1000) > 1.2 * before
    usual = QImage(str(tmp_path / "a.png"))
    made.save_button.click()
    assert QImage(str(tmp_path / "a.png")) == usual
    assert summary_scale(1.5, 2160) == 2.0
