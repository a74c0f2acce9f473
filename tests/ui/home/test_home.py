"""The main window and its pages: keyboard use, accessibility, and the lock of the exercises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from layouts import least_window, settle
from PySide6.QtCore import QObject, QPoint, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shipped import LIBRARY

from posecheck import __version__
from posecheck.coach.wording import short_name
from posecheck.exercise import CONTRAINDICATIONS
from posecheck.io.output import OutputError
from posecheck.io.routines.language import load_phrases, translated
from posecheck.io.store.settings import Settings, load_settings, save_settings
from posecheck.io.vision.camera import CameraInfo, open_source
from posecheck.io.vision.no_camera import NO_CAMERA_SPEC
from posecheck.session.plan import plan
from posecheck.session.safety import SCREENING, levelled, suited
from posecheck.ui.draw.theme import contrast
from posecheck.ui.home.daily import DailyQuestion
from posecheck.ui.home.page import HomePage
from posecheck.ui.home.routines_page import needs, positions
from posecheck.ui.home.session_entry import HomeChoice
from posecheck.ui.home.window import MainWindow
from posecheck.ui.settings.camera_choice import CameraChoice
from posecheck.ui.settings.first_start import FirstStart
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.phone_guide import completed
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.settings_page import SettingsPage
from posecheck.ui.widgets.style import DARK_PAGE, LIGHT_PAGE, PageColours, stylesheet

pytestmark = pytest.mark.gui

WORDS = load_phrases("en")
CLIP = str(Path(__file__).resolve().parents[2] / "clips" / "childs_pose_beth_R.mp4")
SCREENED = Settings(screened="clear")
HD = QSize(1280, 720)
TODAY = date(2026, 2, 3)
PLACE = Services(cameras=lambda: [], preview=open_source, speak=lambda text: False)


class Led(QWidget):
    """Stands in for the page of a session."""

    finished = Signal()

    def __init__(self, request: HomeChoice) -> None:
        super().__init__()
        self.request = request


class OpenWindow:
    """A shown main window, the settings that it saved, and key presses at its focus."""

    def __init__(
        self,
        bot: QtBot,
        settings: Settings,
        services: Services = PLACE,
        code: str = "en",
        **more: Any,
    ) -> None:
        words = WORDS if code == "en" else load_phrases(code)
        library = translated(LIBRARY, code)
        self.saved: list[Settings] = []
        self.settings = SettingsModel(settings, self._save)
        self.window = MainWindow(
            words, library, self.settings, services, start=Led, today=lambda: TODAY, **more
        )
        bot.addWidget(self.window)
        self.window.resize(1280, 720)
        with bot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        bot.waitUntil(lambda: QApplication.focusWidget() is not None)

    def _save(self, value: Settings, known: Settings) -> Settings:
        self.saved.append(value)
        return value

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focus, key)

    def tab_to(self, name: str) -> None:
        """Press Tab until a control whose name starts with this has the focus."""
        for _ in range(60):
            if self.focus.accessibleName().startswith(name):
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never comes to {name!r}")

    @property
    def first_start(self) -> FirstStart:
        page = self.window.page
        assert isinstance(page, FirstStart)
        return page


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Callable[..., OpenWindow]]:
    """Makes main windows, and closes them at the end as the user would."""
    made: list[OpenWindow] = []

    def make(settings: Settings = SCREENED, services: Services = PLACE, **more: Any) -> OpenWindow:
        made.append(OpenWindow(qtbot, settings, services, **more))
        return made[-1]

    yield make
    for each in made:
        each.window.close()


Make = Callable[..., OpenWindow]


def pages(
    make: Make, scale: float, size: QSize = HD, code: str = "en"
) -> Iterator[tuple[str, QWidget]]:
    """Every page of the main window, shown at one window size and text scale."""
    first = make(Settings(text_scale=scale), code=code)
    first.window.resize(size)
    for name in first.first_start.pages:
        first.first_start._show(name)
        yield name, settled(first.window)
    settings = replace(SCREENED, text_scale=scale, tags=tuple(CONTRAINDICATIONS))
    other = make(settings, desk=True, code=code)
    other.window.resize(size)
    home = other.window.home_page
    home.choices.show_remark("settings.json: level must be 1, 2 or 3, not 7; it is 2 now.")
    for name in ("choices", "exercises", "about"):
        home.show_page(getattr(home, name))
        yield name, settled(other.window)
    home.exercises.filter_button.click()
    yield "filters", settled(other.window)
    home.show_page(home.routines.page)
    yield "routines", settled(other.window)
    home.routines.open("full_daily")
    page = home.routines.routine
    assert page is not None
    page.rows[page.draft.steps[0].key].amounts.click()
    page.save.click()
    page.say(WORDS["ui_routine_taken"].format(name="Gentle"))
    yield "routine", settled(other.window)
    page.add.click()
    assert home.routines.adder is not None
    home.routines.adder.say(WORDS["ui_library_added"].format(name="Knee rolls", count=3))
    yield "adding", settled(other.window)
    other.window.show_settings()
    yield "settings", settled(other.window)
    other.window.home()
    home.exercise_chosen.emit("cat_cow")
    daily = other.window.page
    assert isinstance(daily, DailyQuestion)
    daily.pain.choose(9)
    yield "daily", settled(other.window)


def settled(window: QWidget) -> QWidget:
    """The window after pending layouts."""
    settle()
    return window


def begin(home: HomePage, routine: str) -> None:
    """Open the page of a routine and start it."""
    home.routines.open(routine)
    assert home.routines.routine is not None
    home.routines.routine.start.click()


def visible(window: QWidget) -> list[QWidget]:
    return [each for each in window.findChildren(QWidget) if each.isVisible()]


def texts_of(window: QWidget) -> list[str]:
    """The texts that can be read."""
    return [each.text() for each in visible(window) if isinstance(each, QLabel)]


def controls(window: QWidget) -> list[QWidget]:
    """The controls that the Tab key can reach."""
    tab = Qt.FocusPolicy.TabFocus
    shown = [each for each in visible(window) if each.isEnabled()]
    return [each for each in shown if (each.focusPolicy() & tab) == tab]


# --- the first start ----------------------------------------------------------------------------


def test_the_first_start_goes_by_keyboard_alone(opened: Make) -> None:
    """Tab, Space, Return and arrow keys lead from the welcome page to home; all is saved."""
    here = opened(Settings())
    here.press(Qt.Key.Key_Return)  # Next has the focus
    for key in SCREENING:
        here.tab_to(f"{WORDS[key]} {WORDS['ui_yes']}")
        here.press(Qt.Key.Key_Right)  # to no
        here.press(Qt.Key.Key_Space)
    here.press(Qt.Key.Key_Return)  # on the last answer, which is chosen
    assert here.first_start.current == "body"
    here.tab_to(WORDS["tag_KNEE"])
    here.press(Qt.Key.Key_Return)
    here.tab_to(WORDS["ui_next"])
    here.press(Qt.Key.Key_Return)
    here.tab_to(WORDS["ui_camera_address"])
    for letter in "http://a.invalid/":
        QTest.keyClicks(here.focus, letter)
    here.tab_to(WORDS["ui_next"])
    here.press(Qt.Key.Key_Return)
    here.press(Qt.Key.Key_Right)  # from normal to full
    here.press(Qt.Key.Key_Return)
    here.press(Qt.Key.Key_Left)  # from 2 to 1
    here.press(Qt.Key.Key_Return)
    assert here.window.page is here.window.home_page
    wanted = Settings(
        camera="http://a.invalid/", talk="full", level=1, tags=("KNEE",), screened="clear"
    )
    assert here.settings.value == here.saved[-1] == wanted


def test_no_safety_question_can_be_passed_over(opened: Make) -> None:
    """Next stays on the page, counts and marks the open questions, scrolls to the first of them and
    focuses it, where no key gives an answer."""
    here = opened(Settings())
    here.window.resize(least_window(1.0))
    first = here.first_start
    first.next()
    first.screening.choices[0].choose(False)
    bar = first.pages["screening"].area.verticalScrollBar()
    bar.setValue(bar.maximum())
    first.next()
    settled(here.window)
    view = first.pages["screening"].area.viewport()
    spot = first.screening.rows[1].mapTo(view, QPoint(0, 0))
    assert 0 <= spot.y() <= view.height() - first.screening.rows[1].height()
    rows, left = first.screening.rows, len(SCREENING) - 1
    assert first.current == "screening"
    assert first.screening.open_says.isVisible()
    assert f": {left}." in first.screening.open_says.text()
    assert [row.says.isVisible() for row in rows] == [False, *[True] * left]
    assert here.focus is rows[1]
    assert WORDS["ui_screening_missing"] in rows[1].accessibleName()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        here.press(key)
    assert first.screening.choices[1].chosen is None
    here.press(Qt.Key.Key_Tab)
    here.press(Qt.Key.Key_Right)
    here.press(Qt.Key.Key_Space)
    assert first.screening.choices[1].chosen is False
    assert not rows[1].says.isVisible()
    assert f": {left - 1}." in first.screening.open_says.text()


def test_the_disclaimer_is_seen_before_next(opened: Make) -> None:
    """It is visible without scrolling, even with the largest texts in a small window."""
    here = opened(Settings(text_scale=1.5))
    settled(here.window)
    page = here.first_start.pages["welcome"]
    words = next(each for each in page.findChildren(QLabel) if each.text() == WORDS["disclaimer"])
    low = words.mapTo(page.area.viewport(), words.rect().bottomLeft()).y()
    assert low <= page.area.viewport().height()


def answer(first: FirstStart, yes: int | None) -> None:
    """Answer all screening questions with no, one of them with yes, and go to the next page."""
    first.next()
    for number, choice in enumerate(first.screening.choices):
        choice.choose(number == yes)
    first.next()


def finish(first: FirstStart) -> None:
    while first.current != "level":
        first.next()
    first.next()


@pytest.mark.parametrize("yes", range(len(SCREENING)))
def test_a_yes_locks_the_exercises(yes: int, opened: Make) -> None:
    """Without confirmed advice no session can begin, not even through the signal of a card."""
    here = opened(Settings())
    answer(here.first_start, yes)
    assert here.first_start.current == "advice"
    finish(here.first_start)
    home = here.window.home_page
    assert here.settings.value.screened == ""
    assert home.choices.unlock.isVisible()
    assert here.focus is home.choices.unlock
    assert not home.choices.guided.isEnabled()
    assert not home.choices.practise.isEnabled()
    begin(home, "full_daily")
    assert isinstance(here.window.page, FirstStart)


def test_confirmed_advice_opens_them(opened: Make) -> None:
    """Once the user confirms the advice, the sessions are unlocked."""
    here = opened(Settings())
    answer(here.first_start, 0)
    here.first_start.confirmed.setChecked(True)
    finish(here.first_start)
    assert here.settings.value.screened == "advice"
    assert here.window.home_page.choices.guided.isEnabled()


def test_leaving_the_advice_unconfirmed_warns_once(opened: Make) -> None:
    """The first Next warns that the exercises stay locked, the second goes on. A tick hides the
    warning."""
    first = opened(Settings()).first_start
    answer(first, 0)
    assert not first.locked_says.isVisible()
    first.next()
    assert (first.current, first.locked_says.isVisible()) == ("advice", True)
    first.next()
    assert first.current == "body"
    first.back()
    first.next()
    first.confirmed.setChecked(True)
    assert not first.locked_says.isVisible()
    first.next()
    assert first.current == "body"


def test_a_locked_user_continues_at_the_advice(opened: Make) -> None:
    """The pages start at the advice. The answers are kept while the program runs, one page back."""
    here = opened(Settings())
    answer(here.first_start, 3)
    finish(here.first_start)
    here.window.home_page.choices.unlock.click()
    again = here.first_start
    assert again.current == "advice"
    again.back()
    assert [each.chosen for each in again.screening.choices] == [
        number == 3 for number in range(len(SCREENING))
    ]
    again.next()
    again.confirmed.setChecked(True)
    again.next()
    again.next()
    assert here.settings.value.screened == "advice"
    here.window.ask_safety()
    assert here.first_start.current == "screening"
    assert here.first_start.screening.open is here.first_start.screening.choices[0]


def test_walking_and_gentle_moves_stay_open(opened: Make) -> None:
    """Without confirmed advice the user may do what no answer excludes: by a button at home, with
    no question about today's pain, which could offer an exercise that is locked."""
    here = opened(Settings())
    answer(here.first_start, 0)
    finish(here.first_start)
    home = here.window.home_page
    here.tab_to(WORDS["ui_open_button"])
    here.press(Qt.Key.Key_Return)
    assert home.current is home.open_now
    assert "walking" in home.open_now.cards
    assert not any(LIBRARY.exercises[name].contraindications for name in home.open_now.cards)
    here.press(Qt.Key.Key_Return)  # the first has the focus
    led = here.window.page
    assert isinstance(led, Led)
    assert led.request == HomeChoice("", "walking", False)
    assert here.settings.value.screened == ""


def test_a_page_for_the_doctor_is_saved_and_printed(opened: Make, tmp_path: Path) -> None:
    """It has the chosen routines' exercises, the answers, and what each answer changes. It is
    printed from the desktop's own program for PDF; without one a sentence says what to do."""
    here = opened(Settings())
    here.first_start.body.rows["KNEE"].setChecked(True)
    answer(here.first_start, 8)
    doctor = here.first_start.doctor
    doctor.routines.buttons["desk_break_3min"].click()
    rows = {row.exercise.id: row.note for row in doctor.sheet.rows}
    assert {"high_knees", "childs_pose", "shoulder_rolls"} <= set(rows)
    assert rows["childs_pose"].startswith("Instead: ")
    assert WORDS["ask_leg"] in doctor.sheet.answers
    assert WORDS["tag_KNEE"] in doctor.sheet.answers
    page, shown = tmp_path / "page.html", list[bool]()
    doctor._ask_path = lambda: page
    doctor.save.click()
    text = page.read_text(encoding="utf-8")
    assert str(page) in doctor.says.text()
    assert all(
        text.count(f"<b>{escape(short_name(row.exercise))}</b>") == 1 for row in doctor.sheet.rows
    )
    assert text.count("data:image/jpeg;base64,") >= 10
    assert not re.search(r"https?:|<script|<link", text)

    def show(path: Path) -> bool:
        shown.append(path.read_bytes().startswith(b"%PDF") and path.stat().st_size > 20_000)
        return False

    doctor._show = show
    doctor.print.click()
    assert shown == [True]
    assert doctor.says.text() == WORDS["ui_doctor_no_viewer"]
    doctor._ask_path = lambda: tmp_path / "no folder" / "page"
    doctor.save.click()
    assert "page.pdf cannot be written" in doctor.says.text()
    for each in doctor.routines.buttons.values():
        each.setChecked(False)
    doctor.routines.changed.emit(())
    assert not doctor.save.isEnabled()


@pytest.mark.parametrize(
    ("question", "tags"),
    [
        ("ask_osteoporosis", ("OSTEO",)),
        ("ask_joint", ("KNEE", "KNEE_REPLACED", "THR")),
        ("ask_pregnancy", ("PREG",)),
        ("ask_heart", ("HTN",)),
        ("ask_dizzy", ("BALANCE",)),
        ("ask_leg", ("DISC",)),
        ("ask_treatment", ()),
    ],
)
def test_a_yes_ticks_the_matching_contraindications(
    question: str, tags: tuple[str, ...], opened: Make
) -> None:
    """A no unticks it again, but never a box that the user had ticked."""
    first = opened(Settings(tags=("NECK",))).first_start
    number = SCREENING.index(question)
    answer(first, number)
    assert set(first.body.tags) == {"NECK", *tags}
    first.screening.choices[number].choose(False)
    assert first.body.tags == ("NECK",)


def test_no_question_is_asked_twice(opened: Make) -> None:
    """What an answer has settled is no box on the next page: a contraindication that is the same
    question, and after a no one that is a part of it. An earlier tick follows the new answer."""
    first = opened(Settings(tags=("PREG", "THR", "KNEE", "KNEE_REPLACED"))).first_start
    answer(first, SCREENING.index("ask_osteoporosis"))
    first.confirmed.setChecked(True)
    first.next()
    shown = {tag for tag, row in first.body.rows.items() if row.isVisible()}
    assert {*CONTRAINDICATIONS} - shown == {"OSTEO", "PREG", "THR", "KNEE_REPLACED", "HTN"}
    assert set(first.body.tags) == {"OSTEO", "KNEE"}
    first.screening.choices[SCREENING.index("ask_joint")].choose(True)
    assert first.body.rows["THR"].isVisible()
    assert first.body.rows["THR"].isChecked()


def test_boxes_ticked_by_an_answer_can_be_unticked(opened: Make) -> None:
    """The page says that boxes were ticked; leaving and returning does not tick them again."""
    here = opened(Settings())
    first = here.first_start
    answer(first, SCREENING.index("ask_joint"))
    first.confirmed.setChecked(True)
    first.next()
    assert first.body.ticked_says.isVisible()
    first.body.rows["THR"].setChecked(False)
    first.back()
    finish(first)
    assert set(here.settings.value.tags) == {"KNEE", "KNEE_REPLACED"}


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_key_presses_the_answer_in_focus(key: Qt.Key, opened: Make) -> None:
    """Return, Enter and Space choose yes or no, and replace an earlier answer."""
    here = opened(Settings())
    here.press(Qt.Key.Key_Return)
    choice = here.first_start.screening.choices[0]
    for number, chosen in ((0, True), (1, False), (0, True)):
        choice.buttons[number].setFocus()
        here.press(key)
        assert choice.chosen is chosen


def test_escape_goes_back_and_answers_stay(opened: Make) -> None:
    """Escape goes back one page; on the first page it does nothing."""
    here = opened(Settings())
    answer(here.first_start, None)
    assert here.first_start.current == "body"
    here.press(Qt.Key.Key_Escape)
    assert here.first_start.current == "screening"
    assert not here.first_start.screening.any_yes
    here.press(Qt.Key.Key_Escape, times=3)
    assert here.first_start.current == "welcome"


def test_the_safety_questions_can_be_answered_again(opened: Make) -> None:
    """They open from the settings. The other settings are kept; going back changes nothing."""
    before = replace(SCREENED, tags=("KNEE",), camera="2", talk="quiet")
    here = opened(before)
    here.window.show_settings()
    page = here.window.page
    assert isinstance(page, SettingsPage)
    page.again.click()
    assert list(here.first_start.pages) == ["screening", "advice", "body"]
    here.press(Qt.Key.Key_Escape)
    assert here.settings.value == before
    here.window.ask_safety()
    first = here.first_start
    for choice in first.screening.choices:
        choice.choose(False)
    first.next()
    first.body.rows["KNEE"].setChecked(False)
    first.next()
    assert here.settings.value == replace(before, tags=())


# --- accessibility ------------------------------------------------------------------------------


def test_every_control_has_a_name(opened: Make) -> None:
    """Each has an accessible name for screen readers."""
    for name, window in pages(opened, 1.0):
        nameless = [each for each in controls(window) if not each.accessibleName()]
        assert nameless == [], name
        assert len(controls(window)) >= 1, name


def test_every_control_is_large_enough(opened: Make) -> None:
    """At least 44 pixels in both directions, for users with stiff hands."""
    for name, window in pages(opened, 1.0):
        for each in controls(window):
            assert min(each.width(), each.height()) >= 44, (name, each.accessibleName())


def test_tab_goes_down_the_page(opened: Make) -> None:
    """Each next control is further down or to the right of the one before it."""
    for name, window in pages(opened, 1.0):
        start = QApplication.focusWidget()
        assert start is not None, name
        known, chain, each = set(controls(window)), [start], _following(start)
        while each is not start:
            chain += [each] if each in known else []
            each = _following(each)
        around = [_middle(each, window) for each in chain]
        turns = [1 for a, b in pairwise(around) if b.y() < a.y() - 40 and b.x() <= a.x()]
        # Columns are visited one after the other, and the chain returns to the header at the end.
        assert len(turns) <= 2, (name, [each.accessibleName() for each in chain])


def _following(each: QWidget) -> QWidget:
    found = each.nextInFocusChain()
    assert found is not None
    return found


def _middle(each: QWidget, window: QWidget) -> QPoint:
    return each.mapTo(window, each.rect().center())


def test_larger_text_is_larger(opened: Make) -> None:
    """The text scale of the settings is applied to the pages."""
    sizes = []
    for scale in (1.0, 1.5):
        here = opened(replace(SCREENED, text_scale=scale))
        sizes.append(here.window.home_page.choices.help.fontMetrics().height())
    assert sizes[1] >= 1.4 * sizes[0]


@pytest.mark.parametrize("theme", [LIGHT_PAGE, DARK_PAGE], ids=["light", "dark"])
def test_words_and_controls_stand_out(theme: PageColours) -> None:
    """Contrast is at least 4.5:1 for text and 3:1 for borders and focus rings (WCAG)."""

    def ratio(one: str, other: str) -> float:
        return contrast(_rgb(getattr(theme, one)), _rgb(getattr(theme, other)))

    grounds = ("ground", "surface", "sunken", "tint")
    for words, behind in (
        *(("text", ground) for ground in grounds),
        *(("muted", ground) for ground in grounds),
        ("accent", "ground"), ("on_accent", "accent"), ("on_accent", "accent_strong"),
        ("on_care", "care"), ("on_alert", "alert"),
    ):  # fmt: skip
        assert ratio(words, behind) >= 4.5, (words, behind)
    for line, behind in (("edge", "ground"), ("edge", "surface"), ("accent", "surface"),
                         ("alert_line", "ground")):  # fmt: skip
        assert ratio(line, behind) >= 3.0, (line, behind)


def _rgb(name: str) -> tuple[int, int, int]:
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()


def test_the_theme_reaches_the_window(opened: Make) -> None:
    """The dark theme is dark, the light one light, and a change applies at once."""
    here = opened(replace(SCREENED, theme="dark"))
    shade = [here.window.grab().toImage().pixelColor(5, 700).lightness()]
    here.settings.change(theme="light")
    shade.append(here.window.grab().toImage().pixelColor(5, 700).lightness())
    assert shade[0] < 60
    assert shade[1] > 200


def test_nothing_moves_of_its_own_accord(opened: Make) -> None:
    """Lists do not slide and menus do not fade, whatever the desktop's own setting is."""
    QApplication.setEffectEnabled(Qt.UIEffect.UI_General, True)
    opened(replace(SCREENED, reduced_motion=True))
    assert not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
    assert "widget-animation-duration: 0" in stylesheet(LIGHT_PAGE)


# --- home ---------------------------------------------------------------------------------------


def test_choosing_a_routine_opens_its_page_and_starts_it(qtbot: QtBot) -> None:
    """Each card opens the page of its own routine, and Start begins what the page shows."""
    home = HomePage(WORDS, LIBRARY, SCREENED)
    qtbot.addWidget(home)
    for name, routine in LIBRARY.routines.items():
        home.routines.page.cards[name].click()
        page = home.routines.routine
        assert page is home.current
        assert page is not None
        with qtbot.waitSignal(home.planned_chosen) as emitted:
            page.start.click()
        (planned,) = emitted.args
        assert planned.routine == name
        assert planned.name == routine.name
        assert planned.planned_sets == plan(routine, LIBRARY.exercises)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_routine_shows_its_length_at_the_level(level: int, qtbot: QtBot) -> None:
    """The card shows the length of the session at this level."""
    home = HomePage(WORDS, LIBRARY, replace(SCREENED, level=level))
    qtbot.addWidget(home)
    for name, card in home.routines.page.cards.items():
        seconds = levelled(LIBRARY.routines[name], LIBRARY.exercises, level).seconds
        wanted = WORDS["ui_minutes"].format(count=round(seconds / 60))
        assert card.accessibleDescription().startswith(wanted), name


def test_a_routine_shows_positions_and_equipment() -> None:
    """Positions in order, each change once; a mat for the floor, a chair, nothing for standing."""
    chosen = [
        LIBRARY.exercises[name]
        for name in ("high_knees", "chest_opener", "cat_cow", "bird_dog", "knee_to_chest")
    ]
    assert positions(WORDS, chosen) == "Standing, then on all fours, then lying on your back."
    assert needs(WORDS, chosen) == "You need a mat."
    assert needs(WORDS, chosen[:2]) == ""
    both = [*chosen, LIBRARY.exercises["chair_spine_twist"]]
    assert needs(WORDS, both) == "You need a mat and a chair without wheels."


def test_a_search_finds_an_exercise_and_starts_it(opened: Make) -> None:
    """By keyboard: type a part of the name, Tab to the list, press Return."""
    here = opened(replace(SCREENED, comfort=((TODAY.isoformat(), 1),)))
    home = here.window.home_page
    here.tab_to(WORDS["ui_practise_title"])
    here.press(Qt.Key.Key_Return)
    assert home.current is home.exercises
    for letter in "bird":
        QTest.keyClicks(here.focus, letter)
    assert home.exercises.current == LIBRARY.exercises["bird_dog"]
    here.tab_to(WORDS["ui_practise_list"])
    here.press(Qt.Key.Key_Return)
    assert isinstance(here.window.page, Led)
    assert here.window.page.request.exercise == "bird_dog"
    assert here.window.page.request.routine == ""


def test_return_in_the_search_starts_the_hit(opened: Make) -> None:
    """It starts the selected exercise, and nothing when the search field is empty."""
    here = opened(replace(SCREENED, comfort=((TODAY.isoformat(), 1),)))
    home = here.window.home_page
    home.show_page(home.exercises)
    here.press(Qt.Key.Key_Return)
    assert here.window.page is home
    for letter in "standing quad":
        QTest.keyClicks(here.focus, letter)
    here.press(Qt.Key.Key_Return)
    assert isinstance(here.window.page, Led)
    assert here.window.page.request.exercise == "quad_stretch"


def test_a_search_without_result_starts_nothing(qtbot: QtBot) -> None:
    """A hidden exercise is neither selected nor started."""
    home = HomePage(WORDS, LIBRARY, SCREENED)
    qtbot.addWidget(home)
    home.exercises.search.setText("qqq")
    assert home.exercises.current is None
    assert not home.exercises.start.isEnabled()
    home.exercises.search.setText("")
    assert home.exercises.start.isEnabled()


def test_an_excluded_exercise_cannot_be_started(qtbot: QtBot) -> None:
    """Its start button is disabled until the tag is removed."""
    home = HomePage(WORDS, LIBRARY, replace(SCREENED, tags=("WRIST",)))
    qtbot.addWidget(home)
    page = home.exercises
    page.search.setText("plank")
    tagged = page.current
    assert tagged is not None
    page.search.setText(LIBRARY.exercises["bird_dog"].name)
    assert "WRIST" in LIBRARY.exercises["bird_dog"].contraindications
    assert not page.start.isEnabled()
    home.renew(SCREENED)
    assert page.start.isEnabled()


def test_the_desk_is_shown_only_where_it_exists(qtbot: QtBot) -> None:
    """Without `desk` its card is hidden."""
    for there in (False, True):
        home = HomePage(WORDS, LIBRARY, SCREENED, desk=there)
        qtbot.addWidget(home)
        assert home.choices.desk.isVisibleTo(home.choices) is there


# --- to a session and back ----------------------------------------------------------------------


def test_a_session_begins_with_the_question_of_the_day(opened: Make) -> None:
    """It is asked once a day. The answer and the side of the day are saved."""
    here = opened(replace(SCREENED, level=3, tags=("PREG",), start_date="2026-02-02"))
    window = here.window
    begin(window.home_page, "full_daily")
    page = window.page
    assert isinstance(page, DailyQuestion)
    here.press(Qt.Key.Key_Right, times=2)
    here.press(Qt.Key.Key_Space)
    here.tab_to(WORDS["ui_next"])
    here.press(Qt.Key.Key_Return)
    led = window.page
    assert isinstance(led, Led)
    assert isinstance(led.request, HomeChoice)
    assert (led.request.routine, led.request.gentle) == ("full_daily", False)
    fitting, changes = suited(LIBRARY.routines["full_daily"], LIBRARY.exercises, ("PREG",))
    wanted = levelled(fitting, LIBRARY.exercises, 3)
    assert led.request.planned_sets == plan(wanted, LIBRARY.exercises)
    assert len(led.request.remarks) == len(changes) > 0
    assert here.settings.value.start_side == "right"
    assert here.saved[-1].comfort == ((TODAY.isoformat(), 2),)
    led.finished.emit()
    assert window.page is window.home_page
    begin(window.home_page, "lower_back")
    assert isinstance(window.page, Led)
    assert here.settings.value.start_side == "right"


@pytest.mark.parametrize("take", [True, False])
def test_a_sore_day_offers_the_gentle_set(take: bool, opened: Make) -> None:
    """The gentle session is an offer: both answers lead to a session."""
    past = (("2026-02-01", 2), ("2026-02-02", 2))
    here = opened(replace(SCREENED, comfort=past))
    begin(here.window.home_page, "full_daily")
    page = here.window.page
    assert isinstance(page, DailyQuestion)
    page.pain.choose(4)
    assert not page.offer.isVisible()
    page.pain.choose(5)
    assert page.offer.isVisible()
    here.tab_to(WORDS["gentle_yes" if take else "gentle_no"])
    here.press(Qt.Key.Key_Return)
    assert isinstance(here.window.page, Led)
    assert here.window.page.request.gentle is take


def test_the_question_of_the_day_can_be_left_and_skipped(opened: Make) -> None:
    """Escape goes home; skipping begins the session and stores no answer."""
    here = opened()
    begin(here.window.home_page, "full_daily")
    here.press(Qt.Key.Key_Escape)
    assert here.window.page is here.window.home_page
    begin(here.window.home_page, "full_daily")
    here.tab_to(WORDS["ui_skip"])
    here.press(Qt.Key.Key_Return)
    assert isinstance(here.window.page, Led)
    assert here.settings.value.comfort == ()


def test_a_digit_answers_the_question_of_the_day(opened: Make) -> None:
    """Each of the keys 0 to 9 chooses its number and focuses it, from any control."""
    here = opened()
    here.window.home_page.exercise_chosen.emit("cat_cow")
    page = here.window.page
    assert isinstance(page, DailyQuestion)
    for number in (3, 0, 9):
        QTest.keyClicks(here.focus, str(number))
        assert page.pain.chosen == number
        assert here.focus is page.pain.current


def test_about_names_the_version_and_the_folders(
    opened: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button shows each folder in the desktop's own program; one that does not exist yet, the
    nearest above it."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))
    here = opened()
    shown: list[str] = []
    catcher = Catcher(shown)
    QDesktopServices.setUrlHandler("file", catcher, "catch")  # type: ignore[arg-type]
    try:
        about = here.window.home_page.about
        here.window.home_page.show_page(about)
        assert WORDS["ui_version"].format(version=__version__) in texts_of(here.window)
        for each in about.findChildren(QAbstractButton):
            if each.text() == WORDS["ui_folder_open"]:
                each.click()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert shown == [str(tmp_path), str(tmp_path)]  # settings and days share it; no log yet


class Catcher(QObject):
    """Takes the folders that would be shown."""

    def __init__(self, shown: list[str]) -> None:
        super().__init__()
        self.shown = shown

    @Slot(QUrl)
    def catch(self, url: QUrl) -> None:
        self.shown.append(url.toLocalFile())


def test_help_can_be_read_from_the_question_of_the_day(opened: Make) -> None:
    """One press shows the signs that need medical help."""
    here = opened()
    begin(here.window.home_page, "full_daily")
    here.tab_to(WORDS["ui_help_title"])
    here.press(Qt.Key.Key_Return)
    texts = texts_of(here.window)
    assert any(WORDS["emergency_act"] in text for text in texts)


@pytest.mark.parametrize("yes", [None, 3])
def test_a_requested_session_waits_for_the_safety_questions(yes: int | None, opened: Make) -> None:
    """With answers it begins at once, without answers after them, and never after a yes without
    advice."""
    made: list[Settings] = []

    def make(settings: Settings) -> QWidget:
        made.append(settings)
        return Led(HomeChoice("full_daily", "", gentle=False))

    ready = opened()
    ready.window.begin_when_safe(make)
    assert isinstance(ready.window.page, Led)
    here = opened(Settings())
    here.window.begin_when_safe(make)
    assert made == [SCREENED]
    answer(here.first_start, yes)
    finish(here.first_start)
    assert isinstance(here.window.page, Led) is (yes is None)
    assert len(made) == (2 if yes is None else 1)


# --- settings -----------------------------------------------------------------------------------


def test_every_setting_can_be_changed_and_is_kept_at_once(opened: Make) -> None:
    """Each control changes its own value, which is saved before the page is left."""
    place = replace(PLACE, voices=lambda: ("Ann", "Bob"))
    here = opened(replace(SCREENED, comfort=(("2026-02-01", 2),)), place)
    here.window.show_settings()
    page = here.window.page
    assert isinstance(page, SettingsPage)
    page.voice.talk.choose("quiet")
    for name, value in (("voice_volume", 0.4), ("voice_rate", -0.3), ("tone_volume", 0.0)):
        page.sound.choices[name].choose(value)
    page.scale.choose(1.25)
    page.theme.choose("dark")
    page.calm.click()
    page.mirror.click()
    page.captions.click()
    page.voice_name.more.click()
    page.voice_name.list.setCurrentText("Ann")
    page.voice_name.list.activated.emit(page.voice_name.list.currentIndex())
    page.side.choose("right")
    page.level._group.button(3).click()
    page.forget.click()
    page.camera.address.setText("rtsp://a.invalid/1")
    page.camera.address.editingFinished.emit()
    wanted = replace(
        SCREENED, talk="quiet", text_scale=1.25, theme="dark", reduced_motion=True,
        start_side="right", level=3, comfort=(), camera="rtsp://a.invalid/1",
        voice_volume=0.4, voice_rate=-0.3, tone_volume=0.0, voice_name="Ann",
        mirror_view=False, captions=True,
    )  # fmt: skip
    assert here.saved[-1] == here.settings.value == wanted
    here.press(Qt.Key.Key_Escape)
    assert here.window.page is here.window.home_page


def test_settings_that_cannot_be_saved_are_reported(qtbot: QtBot) -> None:
    """The change applies. The page shows the error instead of its promise; home shows it once,
    however often it occurred, until the user moves on."""

    def full(value: Settings, known: Settings) -> Settings:
        raise OutputError("The disk is full.")

    settings = SettingsModel(SCREENED, full)
    window = MainWindow(WORDS, LIBRARY, settings, PLACE, start=Led)
    qtbot.addWidget(window)
    window.show_settings()
    page = window.page
    assert isinstance(page, SettingsPage)
    window.show()
    assert WORDS["ui_saved"] in texts_of(window)
    page.level._group.button(1).click()
    page.level._group.button(3).click()
    assert settings.value.level == 3
    assert "The disk is full." in texts_of(window)
    assert WORDS["ui_saved"] not in texts_of(window)
    window.home()
    assert texts_of(window).count("The disk is full.") == 1
    window.home_page.show_page(window.home_page.routines.page)
    window.home()
    assert "The disk is full." not in texts_of(window)


def test_damaged_settings_are_reset_and_reported(tmp_path: Path, qtbot: QtBot) -> None:
    """The first start is shown again, and home names the file that keeps the damaged content."""
    (tmp_path / "settings.json").write_text("{ not json")
    loaded, remarks = load_settings(tmp_path)
    settings = SettingsModel(loaded, lambda new, known: save_settings(new, tmp_path, known))
    window = MainWindow(WORDS, LIBRARY, settings, PLACE, start=Led, remarks=remarks)
    qtbot.addWidget(window)
    window.show()
    assert isinstance(window.page, FirstStart)
    answer(window.page, None)
    finish(window.page)
    texts = texts_of(window)
    assert any("settings.broken.json" in text for text in texts)
    assert load_settings(tmp_path) == (settings.value, ())


# --- camera and voice ---------------------------------------------------------------------------


def choice(qtbot: QtBot, cameras: list[CameraInfo], spec: str = "") -> CameraChoice:
    made = CameraChoice(WORDS, lambda: cameras, open_source, spec)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_preview_shows_a_source_and_closes_it(qtbot: QtBot) -> None:
    """The preview shows the file; after `release` no thread has it open."""
    made = choice(qtbot, [], CLIP)
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        made.begin()
    assert made.preview.running
    made.preview.release()
    assert not made.preview.running


def test_a_preview_retries_a_missing_source(qtbot: QtBot, tmp_path: Path) -> None:
    """A missing source is reported, and shown as soon as it exists."""
    clip = tmp_path / "clip.mp4"
    made = choice(qtbot, [], str(clip))
    with qtbot.waitSignal(made.preview.trouble, timeout=10_000):
        made.begin()
    assert made.says.isVisible()
    clip.symlink_to(CLIP)
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        pass
    assert not made.says.isVisible()
    made.preview.release()


def test_a_missing_camera_is_reported_in_words_of_the_window(qtbot: QtBot) -> None:
    """The sentence is not the command line's. It is above the controls, where large texts cannot
    push it out of sight."""
    made = choice(qtbot, [], "Lid camera")
    with qtbot.waitSignal(made.preview.trouble, timeout=10_000):
        made.begin()
    assert made.says.text() == WORDS["ui_camera_none"]
    assert made.says.y() < made.names.y()
    made.preview.release()


def test_a_hidden_preview_closes_its_source(qtbot: QtBot) -> None:
    """Hiding the page closes the camera."""
    made = choice(qtbot, [], CLIP)
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        made.begin()
    made.hide()
    qtbot.waitUntil(lambda: not made.preview.running, timeout=10_000)


def test_another_source_waits_for_the_one_before(qtbot: QtBot) -> None:
    """After rapid changes the last source is shown, and all threads end."""
    made = choice(qtbot, [], CLIP)
    for _ in range(5):
        made.preview.show_source(CLIP)
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        pass
    made.preview.release()
    assert not made.preview.running


def test_without_a_camera_there_is_a_sentence_and_a_field(qtbot: QtBot) -> None:
    """The user can enter a stream or a file; an invalid one is reported as well."""
    made = choice(qtbot, [])
    assert made.says.text() == WORDS["ui_camera_none"]
    assert made.address.isVisible()
    made.address.setText("/no/such/clip.mp4")
    with qtbot.waitSignal(made.preview.trouble, timeout=10_000):
        made.address.editingFinished.emit()
    assert "clip.mp4" in made.says.text()
    assert made.spec == "/no/such/clip.mp4"
    made.preview.release()


def test_cameras_are_chosen_by_name(qtbot: QtBot) -> None:
    """The name survives a change of ports; cameras that share a name are listed by index."""
    found = [CameraInfo(0, "Twin"), CameraInfo(1, "Twin"), CameraInfo(2, "Lid camera")]
    made = choice(qtbot, found)
    names = [made.names.itemText(number) for number in range(made.names.count())]
    more = [WORDS["ui_camera_without"], WORDS["ui_camera_other"]]
    assert names == ["Twin (0)", "Twin (1)", "Lid camera", *more]
    assert [made.names.itemData(number) for number in range(3)] == ["0", "1", "Lid camera"]
    assert made.spec == ""
    assert not made.address.isVisible()
    with qtbot.waitSignal(made.changed) as emitted:
        made.names.setCurrentIndex(2)
        made.names.activated.emit(2)
    assert emitted.args == ["Lid camera"]
    made.preview.release()


@pytest.mark.parametrize(("heard", "key"), [(True, "ui_voice_heard"), (False, "ui_voice_missing")])
def test_the_voice_can_be_tried(heard: bool, key: str, opened: Make) -> None:
    """The sample is spoken; without a voice the page says what to do."""
    spoken: list[str] = []

    def speak(text: str) -> bool:
        spoken.append(text)
        return heard

    here = opened(SCREENED, replace(PLACE, speak=speak))
    here.window.show_settings()
    page = here.window.page
    assert isinstance(page, SettingsPage)
    page.voice.test.click()
    assert spoken == [WORDS["ui_voice_sample"]]
    shown = page.voice.says.text()
    assert shown.startswith(WORDS[key])
    assert ("Nothing can be spoken" in shown) is not heard


def test_every_kind_of_control_is_there(opened: Make) -> None:
    """The tests above cover buttons, lists and text fields."""
    kinds = {type(each) for _, window in pages(opened, 1.0) for each in controls(window)}
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        assert any(issubclass(each, kind) for each in kinds)


@pytest.mark.parametrize("full", [True, False])
def test_a_session_fills_the_screen_until_it_ends(qtbot: QtBot, full: bool) -> None:
    """A session fills the screen, and home restores the window."""
    here = OpenWindow(qtbot, replace(SCREENED, comfort=((TODAY.isoformat(), 0),)), full_screen=full)
    begin(here.window.home_page, "gentle")
    page = here.window.page
    assert isinstance(page, Led)
    assert here.window.isFullScreen() is full
    page.finished.emit()
    assert not here.window.isFullScreen()
    assert here.window.page is here.window.home_page


# --- a phone, and no camera ---------------------------------------------------------------------


def test_the_way_to_a_phone_is_explained_and_its_address_tested(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """The guide opens with the field for the address; a wrong address is answered at once, and a
    right one is confirmed."""
    made = choice(qtbot, [CameraInfo(0, "Lid camera")])
    made.phone.click()
    assert made.guide.isVisible()
    assert made.names.other
    assert made.address.isVisible()
    made.address.setText("127.0.0.1:9/video")
    with qtbot.waitSignal(made.preview.trouble, timeout=10_000):
        made.test.click()
    assert made.spec == made.address.text() == "http://127.0.0.1:9/video"
    assert "127.0.0.1:9" in made.says.text()
    assert made.works.isHidden()
    made.address.setText(str(CLIP))
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        made.test.click()
    assert made.works.isVisible()
    assert made.says.isHidden()
    made.preview.release()
    made.phone.click()
    assert not made.guide.isVisible()


def test_a_user_may_choose_to_have_no_camera(qtbot: QtBot) -> None:
    """It opens nothing, and says what that means."""
    made = choice(qtbot, [CameraInfo(0, "Lid camera")])
    made.names.setCurrentIndex(1)
    made.names.activated.emit(1)
    assert made.spec == NO_CAMERA_SPEC
    assert not made.preview.running
    assert made.says.text() == WORDS["ui_camera_without_about"]
    again = choice(qtbot, [CameraInfo(0, "Lid camera")], NO_CAMERA_SPEC)
    assert again.names.without


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        ("192.168.1.20:8080/video", "http://192.168.1.20:8080/video"),
        ("phone.local:4747", "http://phone.local:4747"),
        ("http://192.168.1.20:8080", "http://192.168.1.20:8080"),
        ("clip.mp4", "clip.mp4"),
        ("C:/videos/clip.mp4", "C:/videos/clip.mp4"),
        ("Lid camera", "Lid camera"),
    ],
)
def test_an_address_is_completed(typed: str, opened: str) -> None:
    assert completed(typed) == opened
