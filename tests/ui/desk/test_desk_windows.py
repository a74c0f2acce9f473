"""The desk's windows: they take no focus, do not rely on colour, and cut no text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot
from sitters import MODERATE, TALL, one_point, point_of, settled, side, two_points

from posecheck.desk.calibration import Calibration, calibrate
from posecheck.desk.colour import DeskColour
from posecheck.desk.day import DayScore
from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DeskView
from posecheck.desk.setup import SetupView
from posecheck.desk.states import STATES, DeskReading, DeskState
from posecheck.io.output import OutputError
from posecheck.io.routines.language import load_phrases
from posecheck.io.store.day_records import DayRecord
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import CameraInfo, open_source
from posecheck.pose import Joint
from posecheck.ui.desk.break_card import BreakCard
from posecheck.ui.desk.chart import DayStrip, WeekDay, hours_of, minutes_of, trend, ways_of
from posecheck.ui.desk.limits import along, head_of, limits_of
from posecheck.ui.desk.looks import (
    DESK_COLOURS,
    WAYS,
    Way,
    desk_icon,
    state_words,
    way_colour,
)
from posecheck.ui.desk.nudge import NUDGE_STAY_S, Corner, NudgeWindow, StatusWindow
from posecheck.ui.desk.preview_page import PreviewPage
from posecheck.ui.desk.setup_page import SetupPage
from posecheck.ui.desk.today_page import DeskPage
from posecheck.ui.desk.tray import BLINKS, PAUSES_MIN, DeskMenu, Tray
from posecheck.ui.settings.desk_choice import AtLogin, DeskChoice
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.settings_page import SettingsPage
from posecheck.ui.widgets.style import dress

pytestmark = pytest.mark.gui

WORDS = load_phrases("en")
NEVER = AtLogin(lambda: False, lambda: None, lambda: None)
MORNING = datetime(2026, 2, 3, 9, 0)
SECONDS: dict[DeskState, float] = {"upright": 4000.0, "slouching": 900.0, "away": 1500.0}
VIEW = DeskView(
    0.0, DeskReading(0.0, "upright", 0.2), "fine", 1440.0, False, 360.0, SECONDS, 4, 3,
    DayScore(0.6, 0.75, 0.9, 71.6),
)  # fmt: skip
FRAME = np.full((480, 640, 3), 128, np.uint8)


# --- the tray -----------------------------------------------------------------------------------


@pytest.mark.parametrize("pixels", [16, 22, 32])
@pytest.mark.parametrize("ground", ["#f2f2f2", "#202020"], ids=["light", "dark"])
def test_icons_differ_without_colour(pixels: int, ground: str, qtbot: QtBot) -> None:
    """In grey, on light and dark panels, a seventh of the pixels of any two differ clearly."""
    greys = {colour: _grey(colour, pixels, ground) for colour in DESK_COLOURS}
    for one, other in combinations(greys, 2):
        apart = np.abs(greys[one] - greys[other]) > 48
        assert apart.mean() > 1 / 7, (one, other)


@pytest.mark.parametrize("ground", ["#f2f2f2", "#202020"], ids=["light", "dark"])
def test_icons_stand_out_from_the_panel(ground: str, qtbot: QtBot) -> None:
    """A part of each icon differs clearly from any panel in lightness."""
    panel = QColor(ground).lightness()
    for colour in DESK_COLOURS:
        assert (np.abs(_grey(colour, 22, ground) - panel) > 100).mean() > 0.1, colour


def _grey(colour: DeskColour, pixels: int, ground: str) -> np.ndarray[tuple[int, int], np.dtype]:
    image = QImage(pixels, pixels, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    with QPainter(image) as painter:
        painter.drawPixmap(0, 0, desk_icon(colour).pixmap(pixels, pixels))
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(pixels, grey.bytesPerLine())
    return rows[:, :pixels].astype(float)


@pytest.mark.parametrize(
    ("colour", "state", "until", "words"),
    [
        ("fine", "upright", "", "all quiet"),
        ("fine", "slouching", "", "all quiet"),
        ("fine", "reclined", "", WORDS["desk_state_reclined"]),
        ("amber", "slouching", "", "time for another position"),
        ("paused", "away", "14:30", "paused until 14:30"),
        ("resting", "standing", "", WORDS["desk_state_standing"]),
        ("unsure", "unreliable", "", WORDS["desk_state_unreliable"]),
        ("calibrating", "calibrating", "", WORDS["desk_state_calibrating"]),
        ("lost", "upright", "", WORDS["halt_camera"]),
        ("break", "upright", "", WORDS["ui_desk_break_section"]),
    ],
)
def test_the_tray_tells_the_state_in_words(
    colour: DeskColour, state: DeskState, until: str, words: str, qtbot: QtBot
) -> None:
    """In the tool tip and the first line of the menu; an unconfirmed slump is not mentioned."""
    tray = Tray(WORDS)
    tray.show_state(colour, state, until)
    assert tray.icon.toolTip() == WORDS["ui_desk_tip"].format(state=words)
    assert tray.menu.state.text().lower() == words.lower()
    assert not tray.menu.state.isEnabled()
    tray.show_state("unsure", "unreliable", why="frozen")
    assert WORDS["desk_state_frozen"] in tray.icon.toolTip()


def test_every_menu_line_emits_its_signal(qtbot: QtBot) -> None:
    """Each pause with its minutes, and every other line, once."""
    menu = DeskMenu(WORDS)
    qtbot.addWidget(menu)
    emitted: list[object] = []
    menu.paused.connect(emitted.append)
    names = (
        "paused_until_tomorrow", "resumed", "stood", "sat", "today", "preview", "recalibrate",
        "settings", "quit_wanted",
    )  # fmt: skip
    for name in names:
        getattr(menu, name).connect(lambda name=name: emitted.append(name))
    for action in menu.actions():
        action.trigger()
    assert emitted == [*PAUSES_MIN, *names]


def test_the_menu_offers_what_can_be_done(qtbot: QtBot) -> None:
    """Pauses while it watches, resuming while it is paused; standing up or sitting down."""
    menu = DeskMenu(WORDS)
    qtbot.addWidget(menu)

    def shown() -> set[str]:
        return {each.text() for each in menu.actions() if each.isVisible()}

    pause = WORDS["ui_desk_pause_tomorrow"]
    menu.show_state("fine", "x")
    assert shown() >= {pause, WORDS["ui_desk_stood"]}
    assert shown().isdisjoint({WORDS["ui_desk_resume"], WORDS["ui_desk_sat_again"]})
    menu.show_state("resting", "x", standing=True)
    assert shown() >= {pause, WORDS["ui_desk_sat_again"]}
    menu.show_state("paused", "x")
    assert WORDS["ui_desk_resume"] in shown()
    assert pause not in shown()


def test_a_recovery_blinks_and_ends_with_the_state(qtbot: QtBot) -> None:
    """Bright and usual icons alternate before that of the state; another state ends it."""
    tray = Tray(WORDS)
    tray.show_state("fine", "upright")
    usual, bright = desk_icon("fine").cacheKey(), desk_icon("fine", True).cacheKey()
    tray.blink()
    seen = [tray.icon.icon().cacheKey()]
    for _ in range(BLINKS - 1):
        tray.flash()
        seen.append(tray.icon.icon().cacheKey())
    assert seen == [bright, usual, bright, usual]
    tray.blink()
    tray.show_state("paused", "away")
    assert tray.icon.icon().cacheKey() == desk_icon("paused").cacheKey()


def test_a_state_that_is_shown_is_not_shown_again(qtbot: QtBot) -> None:
    """Updates come every second. Panels and screen readers hear only of changes."""
    tray, status = Tray(WORDS), StatusWindow(WORDS)
    qtbot.addWidget(status)
    for sign in (tray, status):
        sign.show_state("fine", "upright")
    tray.icon.setToolTip("untouched")
    status.says.setText("untouched")
    for sign in (tray, status):
        sign.show_state("fine", "upright")
    assert (tray.icon.toolTip(), status.says.text()) == ("untouched", "untouched")
    for sign in (tray, status):
        sign.show_state("paused", "upright", "14:30")
        sign.show_state("paused", "upright", "15:00")
    assert "15:00" in tray.icon.toolTip()
    assert "15:00" in status.says.text()


def test_a_calm_tray_does_not_blink(qtbot: QtBot) -> None:
    """With reduced motion only the icon of the state is shown."""
    tray = Tray(WORDS, calm=True)
    tray.show_state("fine", "upright")
    tray.blink()
    assert tray.icon.icon().cacheKey() == desk_icon("fine").cacheKey()


# --- the corner ---------------------------------------------------------------------------------


def corners(bot: QtBot, scale: float = 1.0, words: Mapping[str, str] = WORDS) -> Iterator[Corner]:
    """Every window of the corner, with everything it can show."""
    nudge, card = NudgeWindow(words, "light", scale), BreakCard(words, "light", scale)
    status = StatusWindow(words, "light", scale)
    for each in (nudge, card, status):
        bot.addWidget(each)
    nudge.nudge(words["desk_slouch"])
    yield nudge
    nudge.hint(words["desk_tilted"])
    yield nudge
    nudge.ask_recalibrate(words["desk_camera"])
    yield nudge
    nudge.offer_break(words["desk_offer_break"])
    yield nudge
    card.offer("move", 1800.0, words["desk_break_forward"])
    yield card
    card.offer("stand", 1200.0, again=True)
    yield card
    card.offer(again=True)
    yield card
    for colour, state in (("fine", "upright"), ("amber", "slouching"), ("paused", "away")):
        status.show_state(colour, state, "14:30")  # type: ignore[arg-type]
        status.appear()
        yield status


def test_a_nudge_asks_for_no_focus(qtbot: QtBot) -> None:
    """The window flags say so, before and after an answer by keyboard."""
    nudge = NudgeWindow(WORDS)
    qtbot.addWidget(nudge)
    refuses = Qt.WindowType.WindowDoesNotAcceptFocus
    assert nudge.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    for _ in range(2):
        nudge.nudge("Up")
        handle = nudge.windowHandle()
        assert handle is not None
        assert handle.flags() & refuses
        assert handle.flags() & Qt.WindowType.WindowStaysOnTopHint
        QTest.mouseClick(nudge, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        assert not handle.flags() & refuses
        assert nudge.focusWidget() is nudge.buttons["tall"]
        nudge.hide()


def test_a_nudge_closes_by_itself(qtbot: QtBot) -> None:
    """After its seconds, with one signal; before them it stays."""
    nudge = NudgeWindow(WORDS)
    qtbot.addWidget(nudge)
    emitted: list[str] = []
    nudge.expired.connect(lambda: emitted.append("expired"))
    nudge.nudge("Up")
    unattended(nudge)
    for now in range(int(NUDGE_STAY_S)):
        nudge.pass_time(100.0 + now)
    assert nudge.isVisible()
    nudge.pass_time(100.0 + NUDGE_STAY_S)
    assert not nudge.isVisible()
    nudge.pass_time(200.0)
    assert emitted == ["expired"]


def unattended(window: QWidget) -> None:
    """Give the keyboard to another window, as on a desktop where the user works."""
    other = QLabel("work", window, Qt.WindowType.Window)
    other.show()
    other.activateWindow()
    QApplication.processEvents()
    assert not window.isActiveWindow()


def test_a_nudge_that_is_being_answered_stays(qtbot: QtBot) -> None:
    """With the keyboard in it, its seconds start again."""
    nudge = NudgeWindow(WORDS)
    qtbot.addWidget(nudge)
    nudge.nudge("Up")
    nudge.take_keyboard()
    qtbot.waitUntil(nudge.isActiveWindow)
    for now in range(60):
        nudge.pass_time(float(now))
    assert nudge.isVisible()


@pytest.mark.parametrize(
    ("ask", "choices"),
    [
        ("nudge", ["tall", "recline", "stand"]),
        ("hint", ["done"]),
        ("offer_break", ["break"]),
        ("ask_recalibrate", ["recalibrate", "keep"]),
    ],
)
def test_every_answer_is_emitted_and_hides_the_nudge(
    ask: str, choices: list[str], qtbot: QtBot
) -> None:
    """By button and by keyboard; later and Escape are the same."""
    nudge = NudgeWindow(WORDS)
    qtbot.addWidget(nudge)
    emitted: list[str] = []
    nudge.chosen.connect(emitted.append)
    nudge.snoozed.connect(lambda: emitted.append("later"))
    for number in range(len(choices)):
        getattr(nudge, ask)("Up")
        assert list(nudge.buttons) == choices
        list(nudge.buttons.values())[number].setFocus()
        QTest.keyClick(nudge, Qt.Key.Key_Return)
        assert not nudge.isVisible()
    for leave in (nudge.later.click, lambda: QTest.keyClick(nudge, Qt.Key.Key_Escape)):
        getattr(nudge, ask)("Up")
        leave()
        assert not nudge.isVisible()
    assert emitted == [*choices, "later", "later"]


def test_the_break_card_emits_every_answer(qtbot: QtBot) -> None:
    """The routine, standing up, three times later; Escape is the shortest of them. A walk only
    hides the card."""
    card = BreakCard(WORDS)
    qtbot.addWidget(card)
    emitted: list[object] = []
    card.routine_chosen.connect(lambda: emitted.append("routine"))
    card.stand_chosen.connect(lambda: emitted.append("stand"))
    card.snoozed.connect(emitted.append)
    for press in (card.routine, card.walk, *card.later.values()):
        card.offer()
        assert press.isVisible()
        press.click()  # type: ignore[attr-defined]
        assert not card.isVisible()
    card.offer("stand")
    assert not card.routine.isVisible()
    card.stand.click()
    card.offer()
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert emitted == ["routine", 5, 10, 30, "stand", 5]


def test_the_status_window_stays_and_has_the_menu(qtbot: QtBot) -> None:
    """Escape and closing do not hide it; pausing asks for how long."""
    status = StatusWindow(WORDS)
    qtbot.addWidget(status)
    emitted: list[str] = []
    status.opened.connect(lambda: emitted.append("open"))
    status.menu.resumed.connect(lambda: emitted.append("resumed"))
    status.show_state("fine", "upright")
    status.appear()
    status.close()
    QTest.keyClick(status, Qt.Key.Key_Escape)
    assert status.isVisible()
    assert status.says.text() == "All quiet"
    status.pause.click()
    assert status.menu.isVisible()
    status.menu.hide()
    status.show_state("paused", "away", "14:30")
    assert status.pause.text() == WORDS["ui_desk_resume"]
    status.pause.click()
    status.open.click()
    assert emitted == ["resumed", "open"]


# --- today --------------------------------------------------------------------------------------


def minutes(*pieces: tuple[int, DeskState | None]) -> list[tuple[datetime, DeskState | None]]:
    """(how many, state) from nine o'clock on."""
    made: list[tuple[datetime, DeskState | None]] = []
    for count, state in pieces:
        made += [(MORNING + timedelta(minutes=len(made) + i), state) for i in range(count)]
    return made


@pytest.mark.parametrize("whole", [False, True], ids=["working", "whole"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_strip_colours_the_right_minutes(theme: str, whole: bool, qtbot: QtBot) -> None:
    """Each minute has the colour and height of its way of sitting; pauses and gaps have none."""
    strip = DayStrip(WORDS)
    in_window(qtbot, strip, 1.0, QSize(1440, 260), theme)
    day = minutes((60, "upright"), (30, "standing"), (30, None), (45, "slouching"))
    strip.show_minutes(day)
    strip.show_whole_day(whole)
    image = strip.grab().toImage()
    dark, ratio = theme == "dark", image.devicePixelRatio()
    drawn: tuple[tuple[int, Way], ...] = ((570, "tall"), (615, "standing"), (680, "sunk"))
    for minute, way in drawn:
        box = strip.box_of(minute)
        x = round(box.center().x() * ratio)
        column = [image.pixelColor(x, y) for y in range(round((box.bottom() - 3) * ratio))]
        there = [each for each in column if _near(each, way_colour(way, dark))]
        assert len(there) >= 0.3 * box.height() * ratio, way  # the rest is its pattern
        above = [image.pixelColor(x, y) for y in range(max(0, round((box.top() - 2) * ratio)))]
        assert not any(_near(each, there[0]) for each in above), way
    x = round(strip.box_of(645).center().x() * ratio)
    assert len({image.pixelColor(x, y).rgb() for y in range(2, 120)}) == 1


def _near(one: QColor, other: QColor) -> bool:
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return all(abs(a - b) <= 24 for a, b in pairs)


def test_the_strip_tells_the_minutes_in_words(qtbot: QtBot) -> None:
    """For a screen reader: each way with its time."""
    strip = DayStrip(WORDS)
    qtbot.addWidget(strip)
    assert strip.accessibleDescription() == WORDS["ui_desk_strip_empty"]
    strip.show_minutes(minutes((90, "upright"), (10, "head_forward"), (5, None)))
    assert (
        strip.accessibleDescription()
        == "Sitting tall: 1 h 30 min; Sunk down or head forward: 10 min"
    )


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [(540, 700, (9, 17)), (60, 70, (1, 9)), (1380, 1439, (16, 24)), (0, 1439, (0, 24))],
)
def test_the_hours_are_a_working_day_at_least(
    first: int, last: int, hours: tuple[int, int]
) -> None:
    """Never beyond midnight; every minute lies within them."""
    ways = ways_of([(datetime(2026, 2, 3, m // 60, m % 60), "upright") for m in (first, last)])
    assert hours_of(ways, False) == hours
    assert hours[0] * 60 <= first <= last < hours[1] * 60


def test_a_stored_minute_is_drawn_where_it_began(tmp_path: Path) -> None:
    """The store keeps the end of a minute."""
    store = DeskStore(tmp_path / "desk.sqlite3")
    when = datetime.now().astimezone().replace(hour=9, minute=1, second=0, microsecond=0)
    store.add_minute(when, Minute(60.0, {"upright": 60.0}))
    record: DayRecord = store.day(when.date())
    store.close()
    assert ways_of(minutes_of(record)) == {540: "tall"}


def test_the_score_is_hidden_in_the_first_hour(qtbot: QtBot) -> None:
    """Breaks are shown all the same; later the score and its three shares, in words."""
    page = DeskPage(WORDS)
    in_window(qtbot, page, 1.0)
    page.show_view(replace(VIEW, score=DayScore(0.6, 0.75, 0.9, None)))
    assert not page.score.number.isVisible()
    assert not any(share.isVisible() for share in page.score.shares.values())
    assert page.score.breaks.text() == "Breaks: 3 of 4 taken"
    page.show_view(VIEW)
    assert page.score.number.text() == "72 of 100"
    assert [words.text() for words in page.score.words.values()] == [
        "some", "3 of 4 taken", "plenty",
    ]  # fmt: skip


def test_today_shows_the_time_to_the_break(qtbot: QtBot) -> None:
    """Rounded minutes, a break that is due, nothing while paused."""
    page = DeskPage(WORDS)
    in_window(qtbot, page, 1.0)
    page.show_view(VIEW)
    assert page.sitting.text() == "Sitting for 24 min, a break in about 6 min."
    page.show_view(replace(VIEW, due=True, until_break_s=0.0))
    assert page.sitting.text() == WORDS["ui_desk_due"]
    page.show_view(replace(VIEW, colour="paused"), "14:30")
    assert not page.sitting.isVisible()
    assert page.says.text() == "Paused until 14:30"


def test_a_question_stays_until_it_is_answered(qtbot: QtBot) -> None:
    """In the corner it does not close by itself; today shows it as long as the monitor asks."""
    nudge = NudgeWindow(WORDS)
    qtbot.addWidget(nudge)
    nudge.nudge(WORDS["desk_slouch"])
    nudge.ask_recalibrate(WORDS["desk_camera"])
    nudge.pass_time(0.0)
    nudge.pass_time(3600.0)
    assert nudge.isVisible()
    nudge.buttons["keep"].click()
    assert not nudge.isVisible()
    page = DeskPage(WORDS)
    in_window(qtbot, page, 1.0)
    page.show_view(replace(VIEW, reading=replace(VIEW.reading, question="recalibrate")))
    assert page.keep.isVisible()
    with qtbot.waitSignal(page.kept):
        page.keep.click()
    page.show_view(VIEW)
    assert not page.keep.isVisible()


def test_without_a_calibration_today_leads_to_the_set_up(qtbot: QtBot) -> None:
    """The main button of the page leads there; afterwards to a break."""
    page = DeskPage(WORDS)
    qtbot.addWidget(page)
    emitted: list[str] = []
    page.menu.recalibrate.connect(lambda: emitted.append("set up"))
    page.break_wanted.connect(lambda: emitted.append("break"))
    page.show_view(replace(VIEW, colour="calibrating"))
    page.rise.click()
    page.show_view(VIEW)
    page.rise.click()
    assert emitted == ["set up", "break"]


@pytest.mark.parametrize(
    ("scores", "key"),
    [
        ([None, 60.0, None, 62.0], "few"),
        ([50.0, None, 60.0, 70.0], "more"),
        ([70.0, 60.0, None, 50.0], "less"),
        ([60.0, 20.0, 62.0], "same"),
    ],
)
def test_the_trend_compares_the_halves_of_the_week(scores: list[float | None], key: str) -> None:
    """Days off change nothing."""
    days = [WeekDay(date(2026, 2, 2) + timedelta(days=i), s) for i, s in enumerate(scores)]
    assert trend(days) == f"ui_desk_trend_{key}"


def test_every_state_has_a_kind_phrase_and_a_pattern() -> None:
    """No text of the desk scolds."""
    for state in STATES:
        assert WORDS[f"desk_state_{state}"]
        assert WORDS[f"ui_desk_way_{WAYS[state]}"]
        for colour in DESK_COLOURS:
            assert state_words(WORDS, colour, state)
    texts = " ".join(text for key, text in WORDS.items() if "desk" in key).lower()
    for word in ("bad", "damage", "wrong", "poor", "slouch", "streak", "fail"):
        assert word not in texts.replace("badge", ""), word


# --- the preview --------------------------------------------------------------------------------


def test_the_height_limit_lies_between_tall_and_tired() -> None:
    """Slouching begins below the ears when tall and above those of the usual slump; lower with a
    higher index."""
    limits = limits_of(two_points())
    tall, tired = head_of(TALL.pose()).ears[1], head_of(MODERATE.pose()).ears[1]
    assert limits.ears[1] == pytest.approx(tall, abs=1.0)
    assert tall < limits.begins_y < tired < limits.slump_y
    assert limits_of(two_points(), 0.78).begins_y > limits.begins_y
    assert settled(MODERATE, two_points()) == "slouching"


def test_one_point_has_a_limit_too() -> None:
    """It is the common one."""
    limits = limits_of(one_point())
    assert limits.begins_y == pytest.approx(limits.ears[1] + 0.12 * limits.width)


def test_where_height_does_not_tell_the_size_of_the_head_is_the_limit() -> None:
    """As with a low camera: larger than when tall, smaller than in the usual slump."""
    known = two_points()
    blind = replace(known, weights={**known.weights, "EY": 0.0})
    limits = limits_of(blind)
    assert np.isnan(limits.begins_y)
    tired = 0.8 * point_of(MODERATE).values["ear_gap"]
    assert limits.face < limits.face_begins < tired


def test_the_side_limit_leans_forward() -> None:
    """From the side the limit is an angle of the neck, towards where the user looks."""
    known = calibrate(point_of(side()), point_of(side(head=50.0)))
    limits = limits_of(known)
    nose, ear = side().px[Joint.NOSE], side().px[Joint.RIGHT_EAR]
    assert limits.forward == np.sign(nose[0] - ear[0])
    assert limits.tall_deg < limits.begins_deg < limits.tall_deg + known.slump["neck_incl"]
    tip = along(limits.shoulders, limits.tall_deg, limits.forward, 50.0)
    ahead = along(limits.shoulders, limits.begins_deg, limits.forward, 50.0)
    assert (ahead[0] - tip[0]) * limits.forward > 0


@pytest.mark.parametrize("index", [0.2, 0.9, float("nan")])
def test_the_preview_tells_the_index_in_words(index: float, qtbot: QtBot) -> None:
    """Within, beyond or unknown, and the state as it is."""
    page = PreviewPage(WORDS, two_points())
    in_window(qtbot, page, 1.0)
    page.show_view(replace(VIEW, reading=DeskReading(0.0, "tilted", index)), FRAME, TALL.pose())
    key = "unknown" if index != index else "beyond" if index > 0.6 else "within"
    assert page.index.accessibleDescription() == WORDS[f"ui_desk_index_{key}"]
    assert page.says.text().lower() == WORDS["desk_state_tilted"]


def test_the_preview_tells_about_the_desk_what_it_can(qtbot: QtBot) -> None:
    """Nothing after one frame; after some seconds the distance and the direction."""
    page = PreviewPage(WORDS, two_points())
    in_window(qtbot, page, 1.0)
    for t in range(4):
        page.show_view(replace(VIEW, t=float(t)), FRAME, TALL.pose())
        told = {part: line.text() for part, line in page.workplace.items()}
        seen = "fine" if t >= 2 else "unknown"
        assert told == {
            "distance": WORDS[f"ui_work_distance_{seen}"],
            "height": WORDS["ui_work_height_fine"],
            "square": WORDS[f"ui_work_square_{seen}"],
        }


def test_no_picture_is_kept(qtbot: QtBot) -> None:
    """A hidden page has no picture."""
    preview, setup = PreviewPage(WORDS, two_points()), SetupPage(WORDS, lambda text: None)
    for page in (preview, setup):
        window = in_window(qtbot, page, 1.0)
        preview.show_view(VIEW, FRAME, TALL.pose())
        setup.show_view(SetupView("tall", 0.5, "", "desk_setup_tall"), FRAME, TALL.pose())
        assert page.picture._frame is FRAME
        window.hide()
        assert page.picture._frame is None


def test_the_preview_is_a_mirror_unless_the_user_wants_the_camera_s_view(qtbot: QtBot) -> None:
    """The left of the camera's picture is shown on the right, or on the left."""
    page = PreviewPage(WORDS)
    in_window(qtbot, page, 1.0)
    half = FRAME.copy()
    half[:, :320] = 255
    page.show_view(VIEW, half, None)

    def shades() -> list[int]:
        image = page.picture.grab().toImage()
        return [image.pixelColor(x, 100).lightness() for x in (60, image.width() - 60)]

    dark, light = shades()
    assert light > 240 > 200 > dark
    page.picture.mirrored = False
    assert shades() == [light, dark]


# --- the set-up ---------------------------------------------------------------------------------


class Led:
    """A set-up page, its spoken texts and its signals."""

    def __init__(self, bot: QtBot) -> None:
        self.heard: list[str] = []
        self.page = SetupPage(WORDS, self.heard.append)
        in_window(bot, self.page, 1.0)
        for name in ("began", "skip_wanted", "finished", "left"):
            getattr(self.page, name).connect(lambda name=name: self.heard.append(name))


def test_the_set_up_speaks_once_and_fills_its_rings(qtbot: QtBot) -> None:
    """It speaks each phrase once, and shows the line, the problem and how much is done."""
    led = Led(qtbot)
    page = led.page
    page.begin.click()
    page.show_view(SetupView("tall", 0.1, "desk_setup_tall_say", "desk_setup_tall"), FRAME, None)
    page.show_view(SetupView("tall", 0.4, "", "desk_setup_tall", "desk_setup_moving"), FRAME)
    assert led.heard == ["began", WORDS["desk_setup_tall_say"]]
    assert page.line.text() == WORDS["desk_setup_tall"]
    assert page.problem.text() == WORDS["desk_setup_moving"]
    assert page.problem.isVisible()
    page.show_view(SetupView("keyboard", 0.5, "", "desk_setup_keyboard"), FRAME)
    assert [ring.share for ring in page.rings.values()] == [1.0, 1.0, 0.5, 0.0]
    assert not page.problem.isVisible()


def test_a_part_can_be_left_out_but_not_sitting_tall(qtbot: QtBot) -> None:
    """A skipped part is shown as skipped, not as done."""
    led = Led(qtbot)
    page = led.page
    page.show_view(SetupView("tall", 0.5, "", "desk_setup_tall"), FRAME)
    assert not page.skip.isVisible()
    page.show_view(SetupView("tired", 0.5, "", "desk_setup_tired"), FRAME)
    page.skip.click()
    page.show_view(SetupView("keyboard", 0.0, "", "desk_setup_keyboard"), FRAME)
    assert led.heard == ["skip_wanted"]
    assert page.rings["tired"].skipped
    assert page.skip.isVisible()


@pytest.mark.parametrize("kind", ["two", "one", "blind"])
def test_the_end_shows_the_result(kind: str, qtbot: QtBot) -> None:
    """Two points, one, or a camera that must be raised: then to repeat is the main button."""
    known: Calibration = one_point() if kind == "one" else two_points()
    if kind == "blind":
        known = replace(known, weights=dict.fromkeys(known.weights, 0.0))
    led = Led(qtbot)
    page = led.page
    page.show_view(SetupView("done", 1.0, "", "desk_setup_done", "", known))
    texts = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
    key = "ui_desk_setup_raise" if kind == "blind" else f"ui_desk_setup_{kind}"
    assert WORDS[key] in texts
    main = page.repeat if kind == "blind" else page.done
    assert main.property("role") == "main"
    assert page.first is main
    page.done.click()
    page.repeat.click()
    assert led.heard == ["finished", "began"]
    assert page.shown == "parts"


# --- settings -----------------------------------------------------------------------------------


def test_every_desk_setting_changes_its_own_field(qtbot: QtBot) -> None:
    """Each control changes its own value and no other."""
    cameras = [CameraInfo(0, "Front"), CameraInfo(2, "Side")]
    choice = DeskChoice(WORDS, Settings(), lambda: cameras, NEVER)
    qtbot.addWidget(choice)
    emitted: list[object] = []
    choice.changed.connect(emitted.append)
    choice.mode.choose("20-8-2")
    choice.mode.choose("own")
    assert choice.own_sit.isVisibleTo(choice)
    choice.own_sit.setCurrentText("45")
    choice.own_sit.activated.emit(choice.own_sit.currentIndex())
    choice.own_move.setCurrentText("5")
    choice.own_move.activated.emit(choice.own_move.currentIndex())
    choice.days.buttons[6].click()
    choice.sense.choose("high")
    choice.nudges.click()
    choice.voice.click()
    choice.saver.click()
    choice.quiet.click()
    choice.quiet_to.setCurrentText("07:30")
    choice.quiet_to.activated.emit(choice.quiet_to.currentIndex())
    choice.quiet.click()
    choice.camera.setCurrentIndex(choice.camera.findData("Side"))
    choice.camera.activated.emit(choice.camera.currentIndex())
    assert emitted == [
        {"break_mode": "20-8-2"}, {"break_mode": "own"}, {"own_sit": 45}, {"own_move": 5},
        {"work_days": (1, 2, 3, 4, 5, 7)}, {"sensitivity": "high"}, {"nudges": False},
        {"desk_voice": False}, {"battery_saver": True},
        {"quiet_from": "20:00", "quiet_to": "08:00"}, {"quiet_from": "20:00", "quiet_to": "07:30"},
        {"quiet_from": "", "quiet_to": ""}, {"desk_camera": "Side"},
    ]  # fmt: skip


def test_the_desk_settings_show_what_was_chosen(qtbot: QtBot) -> None:
    """Also a time between the half hours, and a camera that is not connected."""
    chosen = Settings(
        desk_camera="rtsp://a.invalid", break_mode="50/10", sensitivity="low",
        quiet_from="12:10", quiet_to="13:00", nudges=False, desk_voice=False, battery_saver=True,
    )  # fmt: skip
    choice = DeskChoice(WORDS, chosen, lambda: [], AtLogin(lambda: True))
    qtbot.addWidget(choice)
    assert (choice.mode.chosen, choice.sense.chosen) == ("50/10", "low")
    assert choice.address.text() == "rtsp://a.invalid"
    assert (choice.quiet_from.currentText(), choice.quiet_to.currentText()) == ("12:10", "13:00")
    ticked = [choice.nudges, choice.voice, choice.saver, choice.quiet, choice.start]
    assert [each.isChecked() for each in ticked] == [False, False, True, True, True]


def test_the_start_at_login_is_created_and_removed(qtbot: QtBot) -> None:
    """A failure is reported, and the box shows the real setting."""
    done: list[str] = []

    def refuse() -> None:
        raise OutputError("The folder is read-only.")

    at_login = AtLogin(lambda: False, lambda: done.append("install"), refuse)
    choice = DeskChoice(WORDS, Settings(), lambda: [], at_login)
    in_window(qtbot, choice, 1.0)
    choice.start.click()
    assert choice.start.isChecked()
    choice.start.click()
    assert done == ["install"]
    assert choice.start.isChecked()
    assert "read-only" in choice.says.text()
    assert choice.says.isVisible()


# --- accessibility ------------------------------------------------------------------------------


def in_window(
    bot: QtBot, page: QWidget, scale: float, size: QSize | None = None, theme: str = "light"
) -> QMainWindow:
    """Show a page in a window of its own."""
    window = QMainWindow()
    bot.addWidget(window, before_close_func=lambda _: window.hide())  # and is kept until then
    dress(window, theme, scale)  # type: ignore[arg-type]
    window.setCentralWidget(page)
    window.resize(size or QSize(round(850 * scale), 700))
    window.show()
    for _ in range(3):
        QApplication.processEvents()
    return window


def shown(
    bot: QtBot,
    scale: float,
    size: QSize | None = None,
    words: Mapping[str, str] = WORDS,
) -> Iterator[tuple[str, QWidget]]:
    """Every window of the desk."""
    for number, corner in enumerate(corners(bot, scale, words)):
        QApplication.processEvents()
        yield f"corner {number}", corner
    page = DeskPage(words)
    page.show_view(replace(VIEW, cannot_tell=True))
    page.show_day(minutes((100, "upright"), (20, "turned")))
    page.show_week([WeekDay(date(2026, 2, 2), 50.0)])
    yield "today", in_window(bot, page, scale, size)
    preview = PreviewPage(words, two_points())
    yield "preview", in_window(bot, preview, scale, size)
    setup = SetupPage(words, lambda text: None)
    setup.explain(words["ui_desk_setup_expired"])
    yield "intro", in_window(bot, setup, scale, size)
    views = [
        SetupView("tired", 0.5, "", "desk_setup_tired", "desk_setup_moving"),
        SetupView("done", 1.0, "", "desk_setup_done", "", two_points()),
    ]
    for view in views:
        setup.show_view(view, FRAME, TALL.pose())
        for _ in range(3):
            QApplication.processEvents()
        yield view.part, setup
    world = Services(cameras=lambda: [], preview=open_source, speak=lambda text: False)
    settings = SettingsPage(words, SettingsModel(Settings(quiet_from="12:00")), world, NEVER)
    settings.desk.offer_actions()
    yield "settings", in_window(bot, settings, scale, size)
    settings.desk.forget.ask.click()
    for _ in range(3):
        QApplication.processEvents()
    yield "question", settings


def test_every_control_of_the_desk_has_a_name_and_is_large(qtbot: QtBot) -> None:
    """A screen reader can name it; stiff hands can hit it."""
    tab = Qt.FocusPolicy.TabFocus
    for name, window in shown(qtbot, 1.0):
        found = [
            each
            for each in window.findChildren(QWidget)
            if each.isVisible() and each.isEnabled() and (each.focusPolicy() & tab) == tab
        ]
        assert found, name
        for each in found:
            assert each.accessibleName(), (name, each)
            assert min(each.width(), each.height()) >= 44, (name, each.accessibleName())


def test_corner_windows_stay_on_the_screen(qtbot: QtBot) -> None:
    """At the bottom right, whole, in every text size."""
    inside: Callable[[QWidget], bool] = lambda each: (  # noqa: E731
        QApplication.primaryScreen().availableGeometry().contains(each.geometry())
    )
    for scale in (1.0, 1.5):
        for corner in corners(qtbot, scale):
            assert inside(corner), corner.geometry()
