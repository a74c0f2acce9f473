"""Every page and every small window: on every screen, for a screen reader, and in both themes.

A new kind of page has to be added here: a test counts them.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from layouts import SCREENS, faults, least_window, settle, window_on
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QMainWindow, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot
from remembered import NINE
from shipped import LIBRARY
from sitters import TALL, two_points

from posecheck.coach.summary import ExerciseSummary, Summary
from posecheck.desk.day import DayScore
from posecheck.desk.monitor import DeskView
from posecheck.desk.setup import SetupView
from posecheck.desk.states import DeskReading
from posecheck.exercise import CONTRAINDICATIONS
from posecheck.io.routines.language import languages, load_phrases, translated
from posecheck.io.routines.load import Library
from posecheck.io.store.settings import Settings, ThemeChoice
from posecheck.io.vision.camera import CameraInfo, open_source
from posecheck.ui.desk.break_card import BreakCard
from posecheck.ui.desk.chart import WeekDay
from posecheck.ui.desk.nudge import NudgeWindow, StatusWindow
from posecheck.ui.desk.preview_page import PreviewPage
from posecheck.ui.desk.setup_page import SetupPage
from posecheck.ui.desk.today_page import DeskPage
from posecheck.ui.draw.theme import contrast
from posecheck.ui.home.daily import DailyQuestion
from posecheck.ui.home.locked_pages import DoctorPage
from posecheck.ui.home.page import HomePage
from posecheck.ui.memory.lessons_page import LessonPage, LessonsPage
from posecheck.ui.memory.model import Memory
from posecheck.ui.memory.progress_page import ProgressPage
from posecheck.ui.memory.today_page import TodayPage
from posecheck.ui.session.overlay import HelpPanel, LeavePanel, TroublePanel
from posecheck.ui.session.summary_page import SummaryPage
from posecheck.ui.settings.desk_choice import AtLogin
from posecheck.ui.settings.first_start import FirstStart
from posecheck.ui.settings.model import SettingsModel, keep_unsaved
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.settings_page import SettingsPage
from posecheck.ui.settings.voice_choice import VoiceChoice
from posecheck.ui.widgets.controls import CARD_MARGINS, SPACES, Page
from posecheck.ui.widgets.style import dress, scene_colours

pytestmark = [pytest.mark.gui, pytest.mark.slow]

WORDS = load_phrases("en")
CAMERAS = [CameraInfo(0, "Integrated Camera with a rather long name, as some makers give them")]
SERVICES = Services(lambda: CAMERAS, open_source, lambda text: False, lambda: ("Ann", "Bob"))
NEVER = AtLogin(lambda: False, lambda: None, lambda: None)
TOLD = ([WORDS["ask_leg"]], ("KNEE", "DISC"))
REMARK = "settings.json: level must be 1, 2 or 3, not 7; it is 2 now."
DONE = ExerciseSummary(
    "stretch", "Standing stretch", "both sides", True, 40.0, 9.0, 5.0, 0.0, 7, 8,
    (("too_small", 1),), "good", "Bring heel to back pocket", 9.0, "Heel up. It stretches.", None,
    True, "Stopped because of pain",
)  # fmt: skip
SUMMARY = Summary("Morning", "Well done.", 40.0, 9.0, 5.0, 65.0, (DONE, DONE), ("Slept well.",))
VIEW = DeskView(
    0.0, DeskReading(0.0, "upright", 0.2), "fine", 1440.0, False, 360.0,
    {"upright": 4000.0, "slouching": 900.0, "away": 1500.0}, 4, 3, DayScore(0.6, 0.75, 0.9, 71.6),
    cannot_tell=True,
)  # fmt: skip
FRAME = np.full((480, 640, 3), 128, np.uint8)

Show = Callable[[], object]
Phrases = Mapping[str, str]


def first_start(
    scale: float, words: Phrases = WORDS, library: Library = LIBRARY
) -> Iterator[tuple[QWidget, dict[str, Show]]]:
    """The first start with everything that its pages can show."""
    settings = SettingsModel(Settings(text_scale=scale), keep_unsaved)
    made = FirstStart(words, settings, SERVICES, library)
    made.screening.choices[8].choose(True)

    def open_questions() -> None:
        made._show("screening")
        made.next()

    def warning() -> None:
        made._show("advice")
        made.next()
        made.doctor._say(words["ui_doctor_no_viewer"])

    def voice() -> None:
        made._show("voice")
        for each in made.pages["voice"].findChildren(VoiceChoice):
            each.test.click()

    ways: dict[str, Show] = {
        name: partial(made._show, name) for name in made.pages if name != "camera"
    }
    ways |= {"open questions": open_questions, "locked": warning, "voice tried": voice}
    ways["camera"] = lambda: made._stack.setCurrentWidget(made.pages["camera"])
    yield made, ways


def home(
    scale: float, words: Phrases = WORDS, library: Library = LIBRARY
) -> Iterator[tuple[QWidget, dict[str, Show]]]:
    """Home and the pages behind it, locked and open, for a user with every answer."""
    known = Settings(screened="clear", text_scale=scale, tags=tuple(CONTRAINDICATIONS))
    made = HomePage(words, library, known, desk=True)
    memory = Memory(library, SettingsModel(known, keep_unsaved), Path("none"), lambda: NINE)
    made.choices.offer_memory(memory, lambda: None, lambda: None)

    def remark() -> None:
        made.enter()
        made.show_remark(REMARK)

    def locked() -> None:
        made.renew(replace(known, screened=""))
        made.enter()

    def filters() -> None:
        made.show_page(made.exercises)
        made.exercises.filter_button.click()

    def routine() -> None:
        made.routines.page.chosen.emit("full_daily")

    names = ("exercises", "about", "open_now")
    ways: dict[str, Show] = {name: partial(made.show_page, getattr(made, name)) for name in names}
    ways["routines"] = lambda: made.show_page(made.routines.page)
    ways |= {"filters": filters, "routine": routine}
    yield made, {"home": made.enter, "remark": remark, **ways, "home locked": locked}


def others(
    scale: float, words: Phrases = WORDS, library: Library = LIBRARY
) -> Iterator[tuple[QWidget, dict[str, Show]]]:
    """Every other page."""
    nothing = lambda: None  # noqa: E731
    known = Settings(screened="clear", quiet_from="12:00", text_scale=scale)
    model = SettingsModel(known, keep_unsaved)
    settings = SettingsPage(words, model, SERVICES, NEVER)
    settings.offer_doctor()
    settings.desk.offer_actions()

    def more() -> None:
        settings.desk.mode.choose("own")
        settings.desk.forget.ask.click()
        settings.kept.forget.ask.click()
        settings.voice_name.more.click()

    yield settings, {"settings": nothing, "settings, more": more}
    daily = DailyQuestion(words)
    yield daily, {"daily": nothing, "sore": lambda: daily.pain.choose(9)}
    yield DoctorPage(words, library, lambda: TOLD), {"doctor": nothing}
    memory = Memory(library, model, Path("none"), lambda: NINE)
    yield TodayPage(words, memory), {"today": nothing}
    yield ProgressPage(words, memory), {"progress": nothing}
    lessons = library.lessons
    yield LessonsPage(words, lessons.values()), {"lessons": nothing}
    longest = max(lessons.values(), key=lambda each: len("".join(each.text)) + len(each.checklist))
    yield (
        LessonPage(words, longest, known, lambda text: False, nothing),
        {"lesson": nothing},
    )
    yield (
        HelpPanel(words, (words["ui_voice_missing"],), nothing, scene_colours("light")),
        {"help": nothing},
    )
    yield LeavePanel(words, nothing, nothing), {"leave": nothing}
    trouble = words["trouble_camera"]
    yield TroublePanel(trouble, words, nothing, nothing, nothing), {"trouble": nothing}
    summary = SummaryPage(SUMMARY, words, "light", scale)
    summary.ask_after(lambda better: "")
    yield summary, {"summary": nothing, "saved": lambda: summary._say("/home/ann/posecheck.png")}


def desk(
    scale: float, words: Phrases = WORDS, library: Library = LIBRARY
) -> Iterator[tuple[QWidget, dict[str, Show]]]:
    """The pages of the desk's window."""
    nothing = lambda: None  # noqa: E731
    page = DeskPage(words)
    page.show_view(VIEW)
    page.show_week([WeekDay(date(2026, 2, 2), 50.0)])
    yield page, {"desk": nothing}
    yield PreviewPage(words, two_points()), {"preview": nothing}
    setup = SetupPage(words, lambda text: None)
    views = [
        SetupView("tired", 0.5, "", "desk_setup_tired", "desk_setup_moving"),
        SetupView("done", 1.0, "", "desk_setup_done", "", two_points()),
    ]
    yield (
        setup,
        {
            "intro": lambda: setup.explain(words["ui_desk_setup_expired"]),
            **{v.part: partial(setup.show_view, v, FRAME, TALL.pose()) for v in views},
        },
    )


MAKERS = {"first start": first_start, "home": home, "others": others, "desk": desk}


@contextmanager
def in_window(bot: QtBot, page: QWidget, scale: float, theme: ThemeChoice) -> Iterator[QMainWindow]:
    window = QMainWindow()
    bot.addWidget(window)
    dress(window, theme, scale)
    window.setCentralWidget(page)
    window.resize(window_on(SCREENS["hd"]))
    window.show()
    settle()
    yield window
    window.close()


def every_page(
    bot: QtBot, maker: str, scale: float, theme: ThemeChoice = "light", code: str = "en"
) -> Iterator[tuple[str, QMainWindow, QWidget]]:
    """Name, window and page of everything that pages can show."""
    words = WORDS if code == "en" else load_phrases(code)
    for page, ways in MAKERS[maker](scale, words, translated(LIBRARY, code)):
        with in_window(bot, page, scale, theme) as window:
            for name, show in ways.items():
                show()
                settle()
                yield name, window, current(page)


def current(widget: QWidget) -> QWidget:
    """The page that is shown in a stack of pages."""
    stacks = [s for s in widget.findChildren(QStackedWidget) if isinstance(s.currentWidget(), Page)]
    inner = stacks[0].currentWidget() if stacks and not isinstance(widget, Page) else None
    return inner or widget


# --- screens ------------------------------------------------------------------------------------


@pytest.mark.parametrize("maker", MAKERS)
def test_every_page_fits_every_screen(maker: str, qtbot: QtBot) -> None:
    """With the largest texts, on a netbook, two laptops and a full screen, and in the smallest
    window: no text is cut, no control is outside, pages scroll only downwards, and the main button
    is seen without scrolling."""
    found: dict[str, list[str]] = {}
    large = {name: window_on(size) for name, size in SCREENS.items()}
    large["full at 200 %"] = window_on(SCREENS["full"] / 2)
    for scale, sizes in (
        (1.5, large | {"least": least_window(1.5)}),
        (1.0, {"least, usual text": least_window(1.0)}),
    ):
        for name, window, page in every_page(qtbot, maker, scale):
            for screen, size in sizes.items():
                window.resize(size)
                settle()
                found[f"{name} on {screen}"] = [*faults(window), *_hidden_main(window, page)]
    assert {name: each for name, each in found.items() if each} == {}


def _hidden_main(window: QWidget, page: QWidget) -> list[str]:
    """Whether the main button of a page is not in sight."""
    main = getattr(page, "main", None)
    if main is None or not main.isVisibleTo(page):
        return []
    place = QRect(main.mapTo(window, QPoint(0, 0)), main.size())
    return [] if window.rect().contains(place) else [f"main button at {place}"]


@pytest.mark.parametrize("code", [each.code for each in languages() if each.code != "en"])
@pytest.mark.parametrize("maker", MAKERS)
def test_every_page_fits_in_every_language(maker: str, code: str, qtbot: QtBot) -> None:
    """In the smallest window with the largest texts."""
    found: dict[str, list[str]] = {}
    for name, window, page in every_page(qtbot, maker, 1.5, code=code):
        window.resize(least_window(1.5))
        settle()
        found[name] = [*faults(window), *_hidden_main(window, page)]
    gc.collect()  # pages refer to themselves; Qt must not list the half-deleted ones
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("scale", "code"), [(1.0, "en"), *((1.5, each.code) for each in languages())]
)
def test_every_small_window_fits_the_smallest_screen(scale: float, code: str, qtbot: QtBot) -> None:
    """The small windows of the desk, with everything that they can show."""
    words = load_phrases(code)
    nudge, card = NudgeWindow(words, "light", scale), BreakCard(words, "light", scale)
    status = StatusWindow(words, "light", scale)
    shows: list[tuple[QWidget, Show]] = [
        (nudge, lambda: nudge.nudge(words["desk_slouch"])),
        (nudge, lambda: nudge.ask_recalibrate(words["desk_camera"])),
        (nudge, lambda: nudge.offer_break(words["desk_offer_break"])),
        (card, lambda: card.offer("move", 1800.0, words["desk_break_forward"])),
        (card, lambda: card.offer("stand", 1200.0, again=True)),
        (status, lambda: status.show_state("amber", "slouching", "14:30")),
    ]
    room = window_on(SCREENS["netbook"])
    for window, show in shows:
        qtbot.addWidget(window)
        show()
        window.show()
        settle()
        assert faults(window) == []
        assert window.width() <= room.width()
        assert window.height() <= room.height()


def test_every_kind_of_page_is_tried(qtbot: QtBot) -> None:
    """A page that is added to the program is added above."""
    tried = {
        type(each)
        for maker in MAKERS
        for name, _, page in every_page(qtbot, maker, 1.0)
        for each in (page, *page.window().findChildren(Page))
    }
    gc.collect()

    def kinds(of: type[Page]) -> set[type[Page]]:
        below = {each for each in of.__subclasses__() if each.__module__.startswith("posecheck.")}
        return below.union(*(kinds(each) for each in below))

    inner = {each for each in kinds(Page) if not each.__subclasses__()}
    assert {each.__name__ for each in inner - tried} == set()


# --- spaces ------------------------------------------------------------------------------------


@pytest.mark.parametrize("maker", MAKERS)
def test_spaces_are_of_one_scale(maker: str, qtbot: QtBot) -> None:
    """Between the parts of every page; and the texts of all cards begin at the same distance."""
    odd: list[str] = []
    edges: set[int] = set()
    for name, window, page in every_page(qtbot, maker, 1.0):
        for box in page.findChildren(QBoxLayout):
            if box.spacing() not in SPACES:
                odd.append(f"{name}: {box.spacing()} in {box.parentWidget()}")
        for each in window.findChildren(QFrame):
            if each.property("role") in ("card", "notice", "alert"):
                inside = each.layout()
                edges.add(inside.contentsMargins().left() if inside is not None else -1)
    assert odd == []
    assert edges <= {CARD_MARGINS[0]}


# --- screen readers -----------------------------------------------------------------------------

Role = QAccessible.Role
NAMED = frozenset(
    {
        Role.Button, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText, Role.List,
        Role.ButtonMenu,
    }
)  # fmt: skip
"""What a control is to a screen reader. Anything else that takes the focus by Tab needs a name."""


@pytest.mark.parametrize("maker", MAKERS)
def test_a_screen_reader_finds_every_control(maker: str, qtbot: QtBot) -> None:
    """In the tree that Qt gives to screen readers: each control that Tab reaches is there, with a
    role that says how it is used, a name, and the state that is shown."""
    problems: list[str] = []
    for name, window, _page in every_page(qtbot, maker, 1.0):
        found = {each.object(): each for each in _tree(window)}
        for control in _controls(window):
            each = found.get(control)
            if each is None:
                problems.append(f"{name}: {control} is not in the tree")
                continue
            role, words = each.role(), each.text(QAccessible.Text.Name)
            state = each.state()
            if not words.strip():
                problems.append(f"{name}: {control} ({role.name}) has no name")
            if role not in NAMED and role not in (Role.Client, Role.Graphic):
                problems.append(f"{name}: {words!r} is a {role.name}")
            if not state.focusable or state.disabled or state.invisible:
                problems.append(f"{name}: {words!r} cannot be focused")
            checkable = getattr(control, "isCheckable", lambda: False)()
            if checkable and bool(state.checked) != control.isChecked():  # type: ignore[attr-defined]
                problems.append(f"{name}: {words!r} is told as {state.checked}")
    assert problems == []


def _tree(window: QWidget) -> Iterator[QAccessibleInterface]:
    waiting = [QAccessible.queryAccessibleInterface(window)]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [c for n in range(each.childCount()) if (c := each.child(n)) is not None]


def _controls(window: QWidget) -> Iterator[QWidget]:
    tab = Qt.FocusPolicy.TabFocus
    for each in window.findChildren(QWidget):
        if each.isVisible() and each.isEnabled() and (each.focusPolicy() & tab) == tab:
            yield each


def test_one_of_several_answers_is_told_as_such(qtbot: QtBot) -> None:
    """A screen reader says "radio button" where one excludes the others, "check box" where not."""
    settings = SettingsPage(WORDS, SettingsModel(Settings(), keep_unsaved), SERVICES, NEVER)
    qtbot.addWidget(settings)
    roles = {
        QAccessible.queryAccessibleInterface(each).role()
        for choice in (settings.theme, settings.scale, settings.desk.mode)
        for each in choice.buttons
    }
    assert roles == {Role.RadioButton}
    days = {
        QAccessible.queryAccessibleInterface(each).role()
        for each in settings.desk.days.buttons.values()
    }
    assert days == {Role.CheckBox}


# --- contrast -----------------------------------------------------------------------------------

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA)."""
ANTIALIASED = 0.9
"""Share of the contrast of a colour that the darkest pixel of thin, smoothed letters still has."""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("maker", ["home", "others", "desk"])
def test_every_text_stands_out(maker: str, theme: ThemeChoice, qtbot: QtBot) -> None:
    """Measured in the picture of each page: the letters against what is behind them."""
    faint: list[str] = []
    for name, window, _page in every_page(qtbot, maker, 1.0, theme):
        pixels = _pixels(window.grab().toImage())
        for words in window.findChildren(QLabel):
            if not (words.isVisible() and words.text().strip() and words.isEnabled()):
                continue
            seen = words.visibleRegion().boundingRect()
            place = QRect(words.mapTo(window, seen.topLeft()), seen.size())
            crop = pixels[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
            if min(crop.shape[:2]) >= 12 and _stands_out(crop) < LEAST_CONTRAST * ANTIALIASED:
                faint.append(f"{name}: {words.text()[:40]!r} {_stands_out(crop):.1f}")
    assert faint == []


def _pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(image.constBits(), np.uint8)
    rows = data.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()]
    return rows.reshape(image.height(), image.width(), 3).copy()  # the image goes


def _stands_out(crop: np.ndarray) -> float:
    """The largest contrast of any colour in a crop with the most frequent one."""
    red, green, blue = (crop[..., channel].astype(np.int32) for channel in range(3))
    colours, counts = np.unique(red << 16 | green << 8 | blue, return_counts=True)
    ground = _rgb(colours[counts.argmax()])
    # Between two colours the contrast grows with the distance: the furthest ones are enough.
    luma = [abs(sum(_rgb(each)) - sum(ground)) for each in colours]
    return max(contrast(ground, _rgb(colours[at])) for at in np.argsort(luma)[-8:])


def _rgb(colour: np.int32) -> tuple[int, int, int]:
    number = int(colour)
    return number >> 16, number >> 8 & 255, number & 255


def test_a_faint_text_is_noticed(qtbot: QtBot) -> None:
    """The measurement itself: grey letters on white, of 2.3 to 1 and of 7 to 1."""
    found = []
    for grey in ("#a9a9a9", "#595959"):
        words = QLabel("Grey letters")
        qtbot.addWidget(words)
        words.setStyleSheet(f"background: white; color: {grey}; font-size: 17px;")
        words.resize(words.sizeHint())
        found.append(_stands_out(_pixels(words.grab().toImage())))
    assert found[0] == pytest.approx(2.3, abs=0.2)
    assert found[1] == pytest.approx(7.0, abs=0.7)
