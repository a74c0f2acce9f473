"""The windows around a session: reached by keyboard, read by all, locked where they must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from posecheck.exercise import CONTRAINDICATIONS
from posecheck.io.output import OutputError
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_all
from posecheck.io.store.settings import Settings, load_settings, save_settings
from posecheck.io.vision.camera import CameraInfo, open_source
from posecheck.session.safety import SCREENING, levelled
from posecheck.ui.draw.theme import contrast
from posecheck.ui.home.daily import DailyQuestion
from posecheck.ui.home.page import HomePage, needs, positions
from posecheck.ui.home.session_entry import HomeChoice
from posecheck.ui.home.window import MainWindow
from posecheck.ui.settings.camera_choice import CameraChoice
from posecheck.ui.settings.first_start import FirstStart
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.settings_page import SettingsPage
from posecheck.ui.widgets.choices import Card
from posecheck.ui.widgets.style import DARK, LIGHT, Colours, stylesheet

WORDS = load_phrases("en")
LIBRARY = load_all()
CLIP = str(Path(__file__).resolve().parents[2] / "clips" / "childs_pose_beth_R.mp4")
SCREENED = Settings(screened="clear")
HD = QSize(1280, 720)
TODAY = date(2026, 2, 3)
PLACE = Services(cameras=lambda: [], preview=open_source, speak=lambda text: False)


class Led(QWidget):
    """Stands where the page of a session will stand."""

    finished = Signal()

    def __init__(self, request: HomeChoice) -> None:
        super().__init__()
        self.request = request


class OpenWindow:
    """A window in its size, what it saved, and keys that are pressed where the focus is."""

    def __init__(
        self, bot: QtBot, settings: Settings, services: Services = PLACE, **more: Any
    ) -> None:
        self.saved: list[Settings] = []
        self.settings = SettingsModel(settings, self.saved.append)
        self.window = MainWindow(
            WORDS, LIBRARY, self.settings, services, start=Led, today=lambda: TODAY, **more
        )
        bot.addWidget(self.window)
        self.window.resize(1280, 720)
        with bot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        bot.waitUntil(lambda: QApplication.focusWidget() is not None)

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focus, key)

    def tab_to(self, name: str) -> None:
        """Tab until the control with this name or beginning has the focus."""
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
    """Makes windows, and closes them as a person does."""
    made: list[OpenWindow] = []

    def make(settings: Settings = SCREENED, services: Services = PLACE, **more: bool) -> OpenWindow:
        made.append(OpenWindow(qtbot, settings, services, **more))
        return made[-1]

    yield make
    for each in made:
        each.window.close()


Make = Callable[..., OpenWindow]


def pages(make: Make, scale: float, size: QSize = HD) -> Iterator[tuple[str, QWidget]]:
    """Every page of the program, shown in one size of window and text."""
    first = make(Settings(text_scale=scale))
    first.window.resize(size)
    for name in first.first_start.pages:
        first.first_start._show(name)
        yield name, settled(first.window)
    settings = replace(SCREENED, text_scale=scale, tags=tuple(CONTRAINDICATIONS))
    other = make(settings, desk=True)
    other.window.resize(size)
    home = other.window.home_page
    home.choices.tell("settings.json: level must be 1, 2 or 3, not 7; it is 2 now.")
    for name in ("choices", "routines", "exercises", "about"):
        home.show_page(getattr(home, name))
        yield name, settled(other.window)
    other.window.show_settings()
    yield "settings", settled(other.window)
    other.window.home()
    home.exercise_chosen.emit("cat_cow")
    daily = other.window.page
    assert isinstance(daily, DailyQuestion)
    daily.pain.choose(9)
    yield "daily", settled(other.window)


def settled(window: QWidget) -> QWidget:
    """After what layouts have put off; a scroll bar that comes or goes lays out once more."""
    for _ in range(3):
        QApplication.processEvents()
    return window


def visible(window: QWidget) -> list[QWidget]:
    return [each for each in window.findChildren(QWidget) if each.isVisible()]


def controls(window: QWidget) -> list[QWidget]:
    """What the Tab key can come to."""
    tab = Qt.FocusPolicy.TabFocus
    shown = [each for each in visible(window) if each.isEnabled()]
    return [each for each in shown if (each.focusPolicy() & tab) == tab]


# --- the first start ----------------------------------------------------------------------------


def test_the_first_start_goes_by_keyboard_alone(opened: Make) -> None:
    """Tab, Space, Return and arrows lead from the welcome to the choices, and all is kept."""
    here = opened(Settings())
    here.press(Qt.Key.Key_Return)  # Next has the focus
    for key in SCREENING:
        here.tab_to(f"{WORDS[key]} {WORDS['ui_yes']}")
        here.press(Qt.Key.Key_Right)  # to no
        here.press(Qt.Key.Key_Space)
    here.tab_to(WORDS["ui_next"])
    here.press(Qt.Key.Key_Space)
    assert here.first_start.shown == "body"
    here.tab_to(CONTRAINDICATIONS["KNEE"])
    here.press(Qt.Key.Key_Return)
    here.tab_to(WORDS["ui_next"])
    here.press(Qt.Key.Key_Return)
    here.tab_to(WORDS["ui_camera_address"])
    for letter in "http://a.invalid/":
        QTest.keyClicks(here.focus, letter)
    here.tab_to(WORDS["ui_next"])
    here.press(Qt.Key.Key_Return)
    here.press(Qt.Key.Key_Right)  # from normal to full
    here.tab_to(WORDS["ui_next"])
    here.press(Qt.Key.Key_Return)
    here.press(Qt.Key.Key_Left)  # from 2 to 1
    here.tab_to(WORDS["ui_finish"])
    here.press(Qt.Key.Key_Return)
    assert here.window.page is here.window.home_page
    wanted = Settings(
        camera="http://a.invalid/", talk="full", level=1, tags=("KNEE",), screened="clear"
    )
    assert here.settings.value == here.saved[-1] == wanted


def test_no_safety_question_can_be_passed_over(opened: Make) -> None:
    """Next stays on the page, counts and marks what is open, and goes to the first of it, where
    no key gives an answer."""
    here = opened(Settings())
    first = here.first_start
    first.next()
    first.screening.choices[0].choose(False)
    first.next()
    rows, left = first.screening.rows, len(SCREENING) - 1
    assert first.shown == "screening"
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
    """Also with the largest texts in a small window."""
    here = opened(Settings(text_scale=1.5))
    settled(here.window)
    page = here.first_start.pages["welcome"]
    words = next(each for each in page.findChildren(QLabel) if each.text() == WORDS["disclaimer"])
    low = words.mapTo(page.area.viewport(), words.rect().bottomLeft()).y()
    assert low <= page.area.viewport().height()


def answer(first: FirstStart, yes: int | None) -> None:
    """No to all the questions, yes to one; the focus is then on the page after them."""
    first.next()
    for number, choice in enumerate(first.screening.choices):
        choice.choose(number == yes)
    first.next()


def finish(first: FirstStart) -> None:
    while first.shown != "level":
        first.next()
    first.next()


@pytest.mark.parametrize("yes", range(len(SCREENING)))
def test_a_yes_locks_the_exercises(yes: int, opened: Make) -> None:
    """Without confirmed advice nothing can be begun, not even by a signal of a card."""
    here = opened(Settings())
    answer(here.first_start, yes)
    assert here.first_start.shown == "advice"
    finish(here.first_start)
    home = here.window.home_page
    assert here.settings.value.screened == ""
    assert home.choices.unlock.isVisible()
    assert here.focus is home.choices.unlock
    assert not home.choices.guided.isEnabled()
    assert not home.choices.practise.isEnabled()
    home.routine_chosen.emit("full_daily")
    assert isinstance(here.window.page, FirstStart)


def test_confirmed_advice_opens_them(opened: Make) -> None:
    """The person says that they have asked."""
    here = opened(Settings())
    answer(here.first_start, 0)
    here.first_start.confirmed.setChecked(True)
    finish(here.first_start)
    assert here.settings.value.screened == "advice"
    assert here.window.home_page.choices.guided.isEnabled()


def test_leaving_the_advice_unconfirmed_is_told_once(opened: Make) -> None:
    """The first Next says that the exercises stay locked; the next goes on, or a tick opens."""
    first = opened(Settings()).first_start
    answer(first, 0)
    assert not first.locked_says.isVisible()
    first.next()
    assert (first.shown, first.locked_says.isVisible()) == ("advice", True)
    first.next()
    assert first.shown == "body"
    first.back()
    first.next()
    first.confirmed.setChecked(True)
    assert not first.locked_says.isVisible()
    first.next()
    assert first.shown == "body"


def test_who_is_locked_goes_on_where_the_advice_is_asked_about(opened: Make) -> None:
    """The answers are kept while the program runs, and can be seen and changed one page back."""
    here = opened(Settings())
    answer(here.first_start, 3)
    finish(here.first_start)
    here.window.home_page.choices.unlock.click()
    again = here.first_start
    assert again.shown == "advice"
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
    assert here.first_start.shown == "screening"
    assert here.first_start.screening.open is here.first_start.screening.choices[0]


@pytest.mark.parametrize(
    ("question", "tags"),
    [
        ("ask_osteoporosis", ("OSTEO",)),
        ("ask_joint", ("KNEE", "THR")),
        ("ask_pregnancy", ("PREG",)),
        ("ask_heart", ("HTN", "BALANCE")),
        ("ask_treatment", ()),
    ],
)
def test_a_yes_ticks_what_it_suggests_to_leave_out(
    question: str, tags: tuple[str, ...], opened: Make
) -> None:
    """A no takes it back, but never what the person had ticked before."""
    first = opened(Settings(tags=("NECK",))).first_start
    number = SCREENING.index(question)
    answer(first, number)
    assert set(first.body.tags) == {"NECK", *tags}
    first.screening.choices[number].choose(False)
    assert first.body.tags == ("NECK",)


def test_what_was_ticked_for_a_person_can_be_unticked(opened: Make) -> None:
    """The page says that it was; going back and forth does not tick it again."""
    here = opened(Settings())
    first = here.first_start
    answer(first, SCREENING.index("ask_joint"))
    first.confirmed.setChecked(True)
    first.next()
    assert first.body.ticked_says.isVisible()
    first.body.rows["THR"].setChecked(False)
    first.back()
    finish(first)
    assert here.settings.value.tags == ("KNEE",)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_key_presses_the_answer_in_focus(key: Qt.Key, opened: Make) -> None:
    """Return and Enter as well as Space, on yes and on no, and after a change of mind."""
    here = opened(Settings())
    here.press(Qt.Key.Key_Return)
    choice = here.first_start.screening.choices[0]
    for number, chosen in ((0, True), (1, False), (0, True)):
        choice.buttons[number].setFocus()
        here.press(key)
        assert choice.chosen is chosen


def test_escape_goes_back_and_answers_stay(opened: Make) -> None:
    """One page at a time; the very first page has nothing before it."""
    here = opened(Settings())
    answer(here.first_start, None)
    assert here.first_start.shown == "body"
    here.press(Qt.Key.Key_Escape)
    assert here.first_start.shown == "screening"
    assert not here.first_start.screening.any_yes
    here.press(Qt.Key.Key_Escape, times=3)
    assert here.first_start.shown == "welcome"


def test_the_safety_questions_can_be_answered_again(opened: Make) -> None:
    """From the settings; the other settings stay, and going back leaves the answers alone."""
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


# --- everyone can read and reach it -------------------------------------------------------------


def test_every_control_has_a_name(opened: Make) -> None:
    """A screen reader can say what each of them is."""
    for name, window in pages(opened, 1.0):
        nameless = [each for each in controls(window) if not each.accessibleName()]
        assert nameless == [], name
        assert len(controls(window)) >= 1, name


def test_every_control_is_large_enough(opened: Make) -> None:
    """At least 44 pixels in both directions, for stiff hands."""
    for name, window in pages(opened, 1.0):
        for each in controls(window):
            assert min(each.width(), each.height()) >= 44, (name, each.accessibleName())


def test_tab_goes_down_the_page(opened: Make) -> None:
    """From the first control on, each next one is further down, or to the right of it."""
    for name, window in pages(opened, 1.0):
        start = QApplication.focusWidget()
        assert start is not None, name
        known, chain, each = set(controls(window)), [start], _following(start)
        while each is not start:
            chain += [each] if each in known else []
            each = _following(each)
        around = [_middle(each, window) for each in chain]
        turns = [1 for a, b in pairwise(around) if b.y() < a.y() - 40 and b.x() <= a.x()]
        # Columns are read one after the other, and the header comes round again at the end.
        assert len(turns) <= 2, (name, [each.accessibleName() for each in chain])


def _following(each: QWidget) -> QWidget:
    found = each.nextInFocusChain()
    assert found is not None
    return found


def _middle(each: QWidget, window: QWidget) -> QPoint:
    return each.mapTo(window, each.rect().center())


@pytest.mark.parametrize("size", [HD, QSize(0, 0), QSize(1920, 1080)], ids=["hd", "least", "full"])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_no_text_is_cut(scale: float, size: QSize, opened: Make) -> None:
    """Every text has the room that it needs, in the smallest window too; pages scroll only up and
    down."""
    for name, window in pages(opened, scale, size):
        for area in window.findChildren(QScrollArea):
            if area.isVisible():
                inner = area.widget()
                assert inner is not None
                assert inner.width() <= area.viewport().width(), name
        for each in visible(window):
            if isinstance(each, QLabel) and each.text():
                assert _fits(each), (name, each.text(), each.size(), each.sizeHint())
            elif isinstance(each, QPushButton) and not isinstance(each, Card):
                wanted = each.sizeHint()
                assert each.width() >= wanted.width(), (name, each.text())
                assert each.height() >= wanted.height() - 4, (name, each.text())


def _fits(words: QLabel) -> bool:
    if words.wordWrap():
        longest = max(words.text().split(), key=len)
        wide = words.fontMetrics().horizontalAdvance(longest) <= words.width()
        return wide and words.height() >= words.heightForWidth(words.width())
    return words.width() >= words.sizeHint().width() - 1


def test_larger_text_is_larger(opened: Make) -> None:
    """The text size of the settings reaches the page."""
    sizes = []
    for scale in (1.0, 1.5):
        here = opened(replace(SCREENED, text_scale=scale))
        sizes.append(here.window.home_page.choices.help.fontMetrics().height())
    assert sizes[1] >= 1.4 * sizes[0]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_controls_stand_out(theme: Colours) -> None:
    """Contrast of 4.5 to 1 for words, of 3 to 1 for the borders and rings of controls (WCAG)."""

    def ratio(one: str, other: str) -> float:
        return contrast(_rgb(getattr(theme, one)), _rgb(getattr(theme, other)))

    grounds = ("ground", "surface", "sunken", "tint")
    for words, behind in (
        *(("text", ground) for ground in grounds),
        *(("muted", ground) for ground in grounds),
        ("accent", "ground"), ("on_accent", "accent"), ("on_accent", "accent_strong"),
        ("on_care", "care"),
    ):  # fmt: skip
        assert ratio(words, behind) >= 4.5, (words, behind)
    for line, behind in (("edge", "ground"), ("edge", "surface"), ("accent", "surface")):
        assert ratio(line, behind) >= 3.0, (line, behind)


def _rgb(name: str) -> tuple[int, int, int]:
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()


def test_the_theme_reaches_the_window(opened: Make) -> None:
    """Dark is dark, light is light, and a change shows at once."""
    here = opened(replace(SCREENED, theme="dark"))
    shade = [here.window.grab().toImage().pixelColor(5, 700).lightness()]
    here.settings.change(theme="light")
    shade.append(here.window.grab().toImage().pixelColor(5, 700).lightness())
    assert shade[0] < 60
    assert shade[1] > 200


def test_nothing_moves_of_its_own_accord(opened: Make) -> None:
    """Lists open without sliding and menus without fading, whatever the desktop likes."""
    QApplication.setEffectEnabled(Qt.UIEffect.UI_General, True)
    opened(replace(SCREENED, reduced_motion=True))
    assert not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
    assert "widget-animation-duration: 0" in stylesheet(LIGHT)


# --- home ---------------------------------------------------------------------------------------


def test_choosing_a_routine_emits_its_id(qtbot: QtBot) -> None:
    """Each card stands for its own routine."""
    home = HomePage(WORDS, LIBRARY, SCREENED)
    qtbot.addWidget(home)
    for name in LIBRARY.routines:
        with qtbot.waitSignal(home.routine_chosen) as said:
            home.routines.cards[name].click()
        assert said.args == [name]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_routine_tells_its_length_at_the_level(level: int, qtbot: QtBot) -> None:
    """What the card says is what the session will take."""
    home = HomePage(WORDS, LIBRARY, replace(SCREENED, level=level))
    qtbot.addWidget(home)
    for name, card in home.routines.cards.items():
        seconds = levelled(LIBRARY.routines[name], LIBRARY.exercises, level).seconds
        wanted = WORDS["ui_minutes"].format(count=round(seconds / 60))
        assert card.accessibleDescription().startswith(wanted), name


def test_a_routine_tells_positions_and_what_is_needed() -> None:
    """In order, each change once; a mat for the floor, a chair for the chair, nothing to stand."""
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
    """By keyboard: type a part of the name, go down to the list, Return."""
    here = opened(replace(SCREENED, comfort=((TODAY.isoformat(), 1),)))
    home = here.window.home_page
    here.tab_to(WORDS["ui_practise_title"])
    here.press(Qt.Key.Key_Return)
    assert home.shown is home.exercises
    for letter in "bird":
        QTest.keyClicks(here.focus, letter)
    assert home.exercises.current == LIBRARY.exercises["bird_dog"]
    here.tab_to(WORDS["ui_practise_list"])
    here.press(Qt.Key.Key_Return)
    assert isinstance(here.window.page, Led)
    assert here.window.page.request.exercise == "bird_dog"
    assert here.window.page.request.routine == ""


def test_return_in_the_search_starts_the_hit(opened: Make) -> None:
    """What is marked in the list is started; without a word nothing is."""
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
    """It says so, and nothing that is hidden can be started."""
    home = HomePage(WORDS, LIBRARY, SCREENED)
    qtbot.addWidget(home)
    home.exercises.search.setText("qqq")
    assert home.exercises.current is None
    assert not home.exercises.start.isEnabled()
    home.exercises.search.setText("")
    assert home.exercises.start.isEnabled()


def test_an_excluded_exercise_cannot_be_started(qtbot: QtBot) -> None:
    """The page says why; without the tag it can."""
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
    """Nobody is offered what is not there."""
    for there in (False, True):
        home = HomePage(WORDS, LIBRARY, SCREENED, desk=there)
        qtbot.addWidget(home)
        assert home.choices.desk.isVisibleTo(home.choices) is there


# --- to a session and back ----------------------------------------------------------------------


def test_a_session_begins_with_the_question_of_the_day(opened: Make) -> None:
    """Asked once a day; the answer and the side are kept; the session gets the settings."""
    here = opened(replace(SCREENED, level=3, tags=("PREG",), start_date="2026-02-02"))
    window = here.window
    window.home_page.routine_chosen.emit("full_daily")
    page = window.page
    assert isinstance(page, DailyQuestion)
    here.press(Qt.Key.Key_Right, times=2)
    here.press(Qt.Key.Key_Space)
    here.tab_to(WORDS["ui_next"])
    here.press(Qt.Key.Key_Return)
    led = window.page
    assert isinstance(led, Led)
    assert led.request == HomeChoice("full_daily", "", 3, ("PREG",), False, "right")
    assert here.saved[-1].comfort == ((TODAY.isoformat(), 2),)
    led.finished.emit()
    assert window.page is window.home_page
    window.home_page.routine_chosen.emit("lower_back")
    assert isinstance(window.page, Led)
    assert window.page.request.first == "right"


@pytest.mark.parametrize("take", [True, False])
def test_a_sore_day_offers_the_gentle_set(take: bool, opened: Make) -> None:
    """Offered, not ordered: both answers lead to a session."""
    past = (("2026-02-01", 2), ("2026-02-02", 2))
    here = opened(replace(SCREENED, comfort=past))
    here.window.home_page.routine_chosen.emit("full_daily")
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
    """Escape goes home; skipping begins the session, and no number is invented."""
    here = opened()
    here.window.home_page.routine_chosen.emit("full_daily")
    here.press(Qt.Key.Key_Escape)
    assert here.window.page is here.window.home_page
    here.window.home_page.routine_chosen.emit("full_daily")
    here.tab_to(WORDS["ui_skip"])
    here.press(Qt.Key.Key_Return)
    assert isinstance(here.window.page, Led)
    assert here.settings.value.comfort == ()


def test_a_digit_answers_the_question_of_the_day(opened: Make) -> None:
    """Each of 0 to 9 chooses its number, wherever the focus is."""
    here = opened()
    here.window.home_page.exercise_chosen.emit("cat_cow")
    page = here.window.page
    assert isinstance(page, DailyQuestion)
    for number in (3, 0, 9):
        QTest.keyClicks(here.focus, str(number))
        assert page.pain.chosen == number
        assert here.focus is page.pain.current


def test_help_can_be_read_from_the_question_of_the_day(opened: Make) -> None:
    """The signs that need a doctor are one press away from where pain is asked."""
    here = opened()
    here.window.home_page.routine_chosen.emit("full_daily")
    here.tab_to(WORDS["ui_help_title"])
    here.press(Qt.Key.Key_Return)
    texts = [each.text() for each in visible(here.window) if isinstance(each, QLabel)]
    assert any(WORDS["emergency_act"] in text for text in texts)


@pytest.mark.parametrize("yes", [None, 3])
def test_a_wished_session_waits_for_the_safety_questions(yes: int | None, opened: Make) -> None:
    """It begins at once for who has answered them, after them for who has not, and never after a
    yes without advice."""
    asked: list[Settings] = []

    def make(settings: Settings) -> QWidget:
        asked.append(settings)
        return Led(HomeChoice("full_daily", "", 2, settings.tags, False, "left"))

    ready = opened()
    ready.window.begin_when_safe(make)
    assert isinstance(ready.window.page, Led)
    here = opened(Settings())
    here.window.begin_when_safe(make)
    assert asked == [SCREENED]
    answer(here.first_start, yes)
    finish(here.first_start)
    assert isinstance(here.window.page, Led) is (yes is None)
    assert len(asked) == (2 if yes is None else 1)


# --- settings -----------------------------------------------------------------------------------


def test_every_setting_can_be_changed_and_is_kept_at_once(opened: Make) -> None:
    """Each control changes its own value, and the file has it before the page is left."""
    here = opened(replace(SCREENED, comfort=(("2026-02-01", 2),)))
    here.window.show_settings()
    page = here.window.page
    assert isinstance(page, SettingsPage)
    page.voice.talk.choose("quiet")
    page.scale.choose(1.25)
    page.theme.choose("dark")
    page.calm.click()
    page.side.choose("right")
    page.level._group.button(3).click()
    page.forget.click()
    page.camera.address.setText("rtsp://a.invalid/1")
    page.camera.address.editingFinished.emit()
    wanted = replace(
        SCREENED, talk="quiet", text_scale=1.25, theme="dark", reduced_motion=True,
        start_side="right", level=3, comfort=(), camera="rtsp://a.invalid/1",
    )  # fmt: skip
    assert here.saved[-1] == here.settings.value == wanted
    here.press(Qt.Key.Key_Escape)
    assert here.window.page is here.window.home_page


def test_settings_that_cannot_be_written_are_told(qtbot: QtBot) -> None:
    """The window works on, and a sentence at home says it."""

    def full(settings: Settings) -> None:
        raise OutputError("The disk is full.")

    settings = SettingsModel(SCREENED, full)
    window = MainWindow(WORDS, LIBRARY, settings, PLACE, start=Led)
    qtbot.addWidget(window)
    window.show_settings()
    page = window.page
    assert isinstance(page, SettingsPage)
    page.level._group.button(1).click()
    window.home()
    window.show()
    texts = [each.text() for each in visible(window) if isinstance(each, QLabel)]
    assert settings.value.level == 1
    assert "The disk is full." in texts


def test_damaged_settings_begin_anew_and_are_told(tmp_path: Path, qtbot: QtBot) -> None:
    """The first start comes again, and home says where the damaged file is."""
    (tmp_path / "settings.json").write_text("{ not json")
    loaded, remarks = load_settings(tmp_path)
    settings = SettingsModel(loaded, lambda new: save_settings(new, tmp_path))
    window = MainWindow(WORDS, LIBRARY, settings, PLACE, start=Led, remarks=remarks)
    qtbot.addWidget(window)
    window.show()
    assert isinstance(window.page, FirstStart)
    answer(window.page, None)
    finish(window.page)
    texts = [each.text() for each in visible(window) if isinstance(each, QLabel)]
    assert any("settings.broken.json" in text for text in texts)
    assert load_settings(tmp_path) == (settings.value, ())


# --- camera and voice ---------------------------------------------------------------------------


def choice(qtbot: QtBot, cameras: list[CameraInfo], spec: str = "") -> CameraChoice:
    made = CameraChoice(WORDS, lambda: cameras, open_source, spec)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_preview_shows_a_source_and_lets_it_go(qtbot: QtBot) -> None:
    """Pictures come from the file; after `release` no thread holds it."""
    made = choice(qtbot, [], CLIP)
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        made.begin()
    assert made.preview.running
    made.preview.release()
    assert not made.preview.running


def test_a_preview_comes_back_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    """A source that is not there is told, and shown as soon as it is."""
    film = tmp_path / "film.mp4"
    made = choice(qtbot, [], str(film))
    with qtbot.waitSignal(made.preview.trouble, timeout=10_000):
        made.begin()
    assert made.says.isVisible()
    film.symlink_to(CLIP)
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        pass
    assert not made.says.isVisible()
    made.preview.release()


def test_a_camera_that_is_gone_is_told_in_words_of_the_window(qtbot: QtBot) -> None:
    """Not those of the command line, and before the controls: large texts push the rest away."""
    made = choice(qtbot, [], "Lid camera")
    with qtbot.waitSignal(made.preview.trouble, timeout=10_000):
        made.begin()
    assert made.says.text() == WORDS["ui_camera_none"]
    assert made.says.y() < made.names.y()
    made.preview.release()


def test_a_hidden_preview_lets_its_source_go(qtbot: QtBot) -> None:
    """A camera that nobody sees is off."""
    made = choice(qtbot, [], CLIP)
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        made.begin()
    made.hide()
    qtbot.waitUntil(lambda: not made.preview.running, timeout=10_000)


def test_another_source_waits_for_the_one_before(qtbot: QtBot) -> None:
    """Both show in the end, whatever the haste, and all threads end."""
    made = choice(qtbot, [], CLIP)
    for _ in range(5):
        made.preview.show_source(CLIP)
    with qtbot.waitSignal(made.preview.seen, timeout=10_000):
        pass
    made.preview.release()
    assert not made.preview.running


def test_without_a_camera_there_is_a_sentence_and_a_field(qtbot: QtBot) -> None:
    """A stream or a file can be given instead; a bad one is a sentence too."""
    made = choice(qtbot, [])
    assert made.says.text() == WORDS["ui_camera_none"]
    assert made.address.isVisible()
    made.address.setText("/no/such/film.mp4")
    with qtbot.waitSignal(made.preview.trouble, timeout=10_000):
        made.address.editingFinished.emit()
    assert "film.mp4" in made.says.text()
    assert made.spec == "/no/such/film.mp4"
    made.preview.release()


def test_cameras_are_chosen_by_name(qtbot: QtBot) -> None:
    """A name outlives a change of cables; two of one name are told apart by their index."""
    found = [CameraInfo(0, "Twin"), CameraInfo(1, "Twin"), CameraInfo(2, "Lid camera")]
    made = choice(qtbot, found)
    names = [made.names.itemText(number) for number in range(made.names.count())]
    assert names == ["Twin (0)", "Twin (1)", "Lid camera", WORDS["ui_camera_other"]]
    assert [made.names.itemData(number) for number in range(3)] == ["0", "1", "Lid camera"]
    assert made.spec == ""
    assert not made.address.isVisible()
    with qtbot.waitSignal(made.changed) as said:
        made.names.setCurrentIndex(2)
        made.names.activated.emit(2)
    assert said.args == ["Lid camera"]
    made.preview.release()


@pytest.mark.parametrize(("heard", "key"), [(True, "ui_voice_heard"), (False, "ui_voice_missing")])
def test_the_voice_can_be_tried(heard: bool, key: str, opened: Make) -> None:
    """The sample is spoken; without a voice a sentence says what to do."""
    said: list[str] = []

    def speak(text: str) -> bool:
        said.append(text)
        return heard

    here = opened(SCREENED, replace(PLACE, speak=speak))
    here.window.show_settings()
    page = here.window.page
    assert isinstance(page, SettingsPage)
    page.voice.test.click()
    assert said == [WORDS["ui_voice_sample"]]
    told = page.voice.says.text()
    assert told.startswith(WORDS[key])
    assert ("Nothing can be spoken" in told) is not heard


def test_every_kind_of_control_is_there(opened: Make) -> None:
    """The laws above look at buttons, lists and fields alike."""
    kinds = {type(each) for _, window in pages(opened, 1.0) for each in controls(window)}
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        assert any(issubclass(each, kind) for each in kinds)


@pytest.mark.parametrize("full", [True, False])
def test_a_session_fills_the_screen_and_gives_it_back(qtbot: QtBot, full: bool) -> None:
    """Seen from three metres; home is as it was before."""
    here = OpenWindow(qtbot, replace(SCREENED, comfort=((TODAY.isoformat(), 0),)), full_screen=full)
    here.window.home_page.routine_chosen.emit("gentle")
    page = here.window.page
    assert isinstance(page, Led)
    assert here.window.isFullScreen() is full
    page.finished.emit()
    assert not here.window.isFullScreen()
    assert here.window.page is here.window.home_page
