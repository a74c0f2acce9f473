"""Home: the choice between a guided session, one exercise and, where offered, the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from posecheck.coach.error_phrases import told
from posecheck.exercise import Exercise, Routine
from posecheck.io.routines.load import Library
from posecheck.io.store.settings import Settings
from posecheck.session.safety import GENTLES, levelled, suited
from posecheck.ui.home.about import AboutPage
from posecheck.ui.home.exercise_page import ExercisePage
from posecheck.ui.home.locked_pages import OpenPage
from posecheck.ui.memory.due_card import DueCard
from posecheck.ui.memory.model import Memory
from posecheck.ui.widgets.choices import Card
from posecheck.ui.widgets.controls import (
    Page,
    announce,
    button,
    card,
    column,
    label,
    sentence,
    short,
)
from posecheck.ui.widgets.flow import Columns, Flow
from posecheck.ui.widgets.pictures import picture_of

ON_CHAIR = frozenset(("chair",))
OFF_THE_FLOOR = frozenset(("standing", "chair"))
"""Positions without a mat."""


class HomePage(QWidget):
    """The choices and the pages behind them: routines, exercises, about.

    settings  level and tags determine the routines and their lengths; while `screened` is "" the
              choices of sessions are locked
    remarks   sentences to show above the choices, such as problems of the settings file
    desk      whether the desk is offered

    routine_chosen, exercise_chosen  the id
    settings_wanted, desk_wanted     the button was pressed
    safety_wanted                    the user wants to answer the safety questions
    doctor_wanted                    the user wants the page for a doctor
    """

    routine_chosen = Signal(str)
    exercise_chosen = Signal(str)
    settings_wanted = Signal()
    desk_wanted = Signal()
    safety_wanted = Signal()
    doctor_wanted = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        settings: Settings,
        *,
        remarks: Iterable[str] = (),
        desk: bool = False,
    ) -> None:
        super().__init__()
        self._phrases, self._library = phrases, library
        self._stack = QStackedWidget()
        self.setLayout(column(self._stack, gap=0))
        self.choices = _Choices(phrases, tuple(remarks), desk)
        self.exercises = ExercisePage(phrases, library.exercises, settings.tags)
        self.about = AboutPage(phrases)
        self.routines = RoutinesPage(phrases, library, settings)
        self.open_now = OpenPage(phrases, library)
        for page in (self.choices, self.exercises, self.about, self.open_now, self.routines):
            self._add(page)
        go, choices = self.show_page, self.choices
        choices.guided.clicked.connect(lambda: go(self.routines))
        choices.practise.clicked.connect(lambda: go(self.exercises))
        choices.help.clicked.connect(lambda: go(self.about))
        choices.settings.clicked.connect(self.settings_wanted)
        choices.desk.clicked.connect(self.desk_wanted)
        choices.unlock.clicked.connect(self.safety_wanted)
        choices.open_now.clicked.connect(lambda: go(self.open_now))
        choices.doctor.clicked.connect(self.doctor_wanted)
        self.open_now.chosen.connect(self.exercise_chosen)
        self.exercises.chosen.connect(self.exercise_chosen)
        self.routines.chosen.connect(self.routine_chosen)
        self.renew(settings)

    @property
    def current(self) -> Page:
        page = self._stack.currentWidget()
        assert isinstance(page, Page)
        return page

    def renew(self, settings: Settings) -> None:
        """Update routine lengths, exclusions and the lock after the settings have changed."""
        self.choices.lock(not settings.screened)
        self.choices.shape(settings.text_scale)
        self.exercises.describe(settings.tags)
        current, old = self.current, self.routines
        self.routines = RoutinesPage(self._phrases, self._library, settings)
        self.routines.chosen.connect(self.routine_chosen)
        self._add(self.routines)
        if current is old or not settings.screened:
            self._stack.setCurrentWidget(self.choices)
        self._stack.removeWidget(old)
        old.deleteLater()

    def show_remark(self, remark: str) -> None:
        """Show a sentence above the choices, such as why the settings could not be saved."""
        self.choices.show_remark(remark)

    def show_page(self, page: Page) -> None:
        """Show one of `choices`, `routines`, `exercises`, `open_now` and `about`."""
        self._stack.setCurrentWidget(page)
        page.enter()

    def enter(self) -> None:
        """Show the choices, with the keyboard focus on the first."""
        self.show_page(self.choices)

    def _add(self, page: Page) -> None:
        self._stack.addWidget(page)
        if page is not self.choices:
            page.left.connect(self.enter)


class _Choices(Page):
    """The page with the choices."""

    def __init__(self, phrases: Mapping[str, str], remarks: tuple[str, ...], desk: bool) -> None:
        super().__init__(phrases["ui_home_title"])
        nothing = lambda: None  # noqa: E731 - HomePage connects the buttons
        brand = short("posecheck", "brand")
        self.help = button(phrases["ui_about_title"], nothing, "quiet")
        self.settings = button(phrases["ui_settings_title"], nothing, "quiet")
        self.head(brand, 0, self.help, self.settings)
        self.unlock = button(phrases["ui_locked_answer"], nothing, "main")
        self.open_now = button(phrases["ui_open_button"], nothing)
        self.doctor = button(phrases["ui_doctor_title"], nothing)
        ways = Flow(12)
        for way in (self.unlock, self.open_now, self.doctor):
            ways.put(way)
        self._locked = card(
            column(
                label(phrases["ui_locked_title"], "care-heading"),
                label(phrases["ui_locked_text"], "care"),
                ways,
            ),
            "notice",
        )
        self._phrases = phrases
        self._remarks: dict[str, QLabel] = {}
        self._remark_lines = column(gap=6)
        self._notice = card(self._remark_lines, "notice")
        self._notice.hide()
        for each in remarks:
            self.show_remark(each)
        self._ratio = 4 / 3 if desk else 1.6
        self.guided = _choice(phrases, "guided", "bird_dog")
        self.practise = _choice(phrases, "practise", "cat_cow")
        self.desk = _choice(phrases, "desk", "chair_spine_twist")
        self.desk.setVisible(desk)
        cards = Columns((self.guided, self.practise, self.desk))
        title = label(phrases["ui_home_title"], "title")
        lead = label(phrases["ui_home_lead"], "lead")
        self._memory = column()
        self.due: DueCard | None = None
        self.put(
            column(0, title, lead, 8, self._notice, self._locked, self._memory, cards, 0, gap=14)
        )

    def offer_memory(
        self, memory: Memory, today: Callable[[], object], progress: Callable[[], object]
    ) -> None:
        """Show above the choices what is due today, and the ways to today and progress."""
        self.due = DueCard(self._phrases, memory, today, progress)
        self._memory.addWidget(self.due)

    def show_remark(self, remark: str) -> None:
        """Show a sentence above the choices, once, until the user has seen it and moved on."""
        if remark not in self._remarks:
            self._remarks[remark] = label(told(self._phrases, remark), "care")
            self._remark_lines.addWidget(self._remarks[remark])
        self._notice.show()
        announce(self, told(self._phrases, remark))

    def hideEvent(self, event: QHideEvent) -> None:
        """Remove the sentences when the user moves on to another page."""
        if not event.spontaneous():  # the window was minimised
            self._notice.hide()
            for line in self._remarks.values():
                self._remark_lines.removeWidget(line)
                line.deleteLater()
            self._remarks.clear()
        super().hideEvent(event)

    def shape(self, scale: float) -> None:
        """Make the pictures lower for larger texts, so that both fit on the page."""
        for each in (self.guided, self.practise, self.desk):
            each.picture.reshape(self._ratio * scale)

    def lock(self, locked: bool) -> None:
        """Lock the sessions while the safety questions are open."""
        if self.due is not None:
            self.due.renew()
            self.due.setVisible(not locked)
        self._locked.setVisible(locked)
        for each in (self.guided, self.practise):
            each.setEnabled(not locked)
        self.first = self.unlock if locked else self.guided


def _choice(phrases: Mapping[str, str], name: str, picture: str) -> Card:
    words = phrases[f"ui_{name}_title"], [phrases[f"ui_{name}_about"]]
    return Card(*words, picture_of(picture))


class RoutinesPage(Page):
    """All routines, each with its length at the user's level and tags. `chosen` gives an id."""

    chosen = Signal(str)

    def __init__(self, phrases: Mapping[str, str], library: Library, settings: Settings) -> None:
        super().__init__(phrases["ui_guided_title"])
        self.cards: dict[str, Card] = {}
        routines = sorted(library.routines.values(), key=_rank)
        for routine in routines:
            made = _routine_card(phrases, library.exercises, settings, routine)
            made.clicked.connect(lambda _=False, name=routine.id: self.chosen.emit(name))
            self.cards[routine.id] = made
        title = label(phrases["ui_guided_title"], "title")
        lead = label(phrases["ui_guided_lead"], "lead")
        cards = list(self.cards.values())
        pairs = [Columns(cards[at : at + 2], gap=18) for at in range(0, len(cards), 2)]
        self.put(column(title, lead, 8, column(*pairs, gap=18), 0, gap=14))
        self.first = next((each for each in self.cards.values() if each.isEnabled()), None)
        self.foot(button(phrases["ui_back"], self.left.emit), 0)


def _rank(routine: Routine) -> tuple[bool, int]:
    """Sort key: the longest routine, the whole programme, first; the gentle ones last."""
    return routine.id in GENTLES, -routine.seconds


def _routine_card(
    phrases: Mapping[str, str],
    exercises: Mapping[str, Exercise],
    settings: Settings,
    routine: Routine,
) -> Card:
    fitting, changes = suited(routine, exercises, settings.tags)
    fitting = levelled(fitting, exercises, settings.level)
    chosen = [exercises[step.exercise] for step in fitting.steps]
    if not chosen:
        made = Card(routine.name, [routine.about, phrases["ui_routine_nothing"]])
        made.setEnabled(False)
        return made
    minutes = phrases["ui_minutes"].format(count=max(1, round(fitting.seconds / 60)))
    lines = [routine.about, positions(phrases, chosen), needs(phrases, chosen)]
    if changes:
        lines.append(phrases["ui_routine_changed"].format(count=len(changes)))
    middle = [each.id for each in chosen[len(chosen) // 2 :] + chosen]
    picture = next((path for path in map(picture_of, middle) if path is not None), None)
    return Card(routine.name, lines, picture, 4 / 3, badge=minutes, beside=True)


def positions(phrases: Mapping[str, str], exercises: Iterable[Exercise]) -> str:
    """The sequence of positions, such as "Standing, then on all fours, then kneeling."."""
    names = [phrases[_position(name)] for name, _ in groupby(each.position for each in exercises)]
    return sentence(phrases["ui_then"].join(names)) + "."


def _position(name: str) -> str:
    return f"ui_position_{name.replace('-', '_')}"


def needs(phrases: Mapping[str, str], exercises: Iterable[Exercise]) -> str:
    """The equipment as a sentence: a mat for positions on the floor, a chair; "" for neither."""
    used = {each.position for each in exercises}
    things = [phrases["ui_need_mat"]] if used - OFF_THE_FLOOR else []
    things += [phrases["ui_need_chair"]] if used & ON_CHAIR else []
    return phrases["ui_need"].format(things=phrases["and"].join(things)) if things else ""
