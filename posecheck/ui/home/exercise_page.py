"""The library: a search, filters, a list in groups, and all about one exercise beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget

from posecheck.coach.doctor_sheet import limits_words
from posecheck.coach.library_search import LibrarySearch
from posecheck.exercise import GROUPS, Exercise
from posecheck.ui.home.exercise_detail import ExerciseDetail
from posecheck.ui.home.library_filters import LibraryFilters
from posecheck.ui.widgets.controls import (
    Page,
    announce,
    button,
    column,
    label,
    row,
    scroll,
)
from posecheck.ui.widgets.field import line
from posecheck.ui.widgets.pictures import picture_of, read_picture

THUMB = QSize(92, 69)
MOST_TOGETHER = 20
"""Exercises that a routine is made of at most; more were not chosen, they are the whole library."""


class ExercisePage(Page):
    """The exercises of a library.

    adding  the page adds exercises to a routine instead of starting one

    chosen             the id of the exercise to practise, or to add
    routine_wanted     the name for a routine and the ids of the exercises that were found
    favourites_changed the ids of the favourites
    """

    chosen = Signal(str)
    routine_wanted = Signal(str, object)
    favourites_changed = Signal(object)

    def __init__(
        self,
        phrases: Mapping[str, str],
        exercises: Mapping[str, Exercise],
        search: LibrarySearch,
        tags: Collection[str] = (),
        favourites: Collection[str] = (),
        *,
        adding: bool = False,
    ) -> None:
        super().__init__(phrases["ui_routine_add" if adding else "ui_practise_title"])
        self._phrases, self._exercises, self._search = phrases, exercises, search
        self.tags, self.favourites = frozenset(tags), frozenset(favourites)
        self._adding = adding
        self.search = line(phrases["ui_search"], phrases["ui_search_example"])
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(phrases["ui_practise_list"])
        self.list.setIconSize(THUMB)
        self.list.setWordWrap(True)
        self.list.setUniformItemSizes(False)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = label(phrases["ui_library_none"], "muted")
        self._nothing.hide()
        self.note = label("", "muted")
        self.note.hide()
        self.filters = LibraryFilters(phrases)
        self.filter_button = button(phrases["ui_library_filters"], self._turn, "choice")
        self.filter_button.setCheckable(True)
        self.about = ExerciseDetail(phrases, self._mark)
        begin = "ui_library_add" if adding else "ui_practise_start"
        self.start = button(phrases[begin], self._start, "main")
        self.make = button("", self._make)
        self._lay_out()
        self._fill()
        self.first = self.search
        self.search.textChanged.connect(lambda _: self._filter())
        self.filters.changed.connect(self._filter)
        self._pictured = False
        self.list.currentItemChanged.connect(lambda *_: self._describe())
        self.list.itemPressed.connect(lambda _: self._show_filters(False))
        self.search.returnPressed.connect(self._start_found)
        self.list.itemActivated.connect(lambda _: self._start())
        self._filter()

    def _lay_out(self) -> None:
        words = self._phrases
        title = label(words["ui_routine_add" if self._adding else "ui_practise_title"], "title")
        # Beside the title: on a small screen with large texts the list needs the height.
        searching = row(gap=12)
        searching.addWidget(title, 5)
        searching.addWidget(self.search, 4)
        searching.addWidget(self.filter_button)
        left = column(gap=12)
        left.addWidget(self._nothing)
        left.addWidget(self.list, 1)
        self.detail, self._choosing = scroll(self.about), scroll(self.filters)
        self._right = QStackedWidget()
        self._right.addWidget(self.detail)
        self._right.addWidget(self._choosing)
        sides = row(gap=32)
        sides.addLayout(left, 5)
        sides.addWidget(self._right, 6)
        whole = column(searching, self.note, gap=14)
        whole.addLayout(sides, 1)
        self.put_still(whole)
        self.area = self.detail
        back = "ui_routine_back" if self._adding else "ui_back"
        self.foot(button(words[back], self.left.emit), 0, self.make, self.start)

    def _fill(self) -> None:
        for group in GROUPS:
            members = [each for each in self._exercises.values() if _group(each) == group]
            if not members:
                continue
            head = QListWidgetItem(self._phrases[f"ui_group_{group}"])
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            font = self.list.font()
            font.setBold(True)
            head.setFont(font)
            self.list.addItem(head)
            for exercise in sorted(members, key=lambda each: each.name):
                self.list.addItem(_item(exercise))

    def showEvent(self, event: QShowEvent) -> None:
        """Read the pictures when they are first seen: reading them takes a quarter of a second."""
        super().showEvent(event)
        if not self._pictured:
            self._pictured = True
            for item, exercise in self._items():
                if exercise is not None:
                    _picture(item, exercise)

    def _items(self) -> Iterator[tuple[QListWidgetItem, Exercise | None]]:
        for number in range(self.list.count()):
            item = self.list.item(number)
            yield item, self._exercises.get(item.data(Qt.ItemDataRole.UserRole) or "")

    @property
    def found(self) -> tuple[Exercise, ...]:
        """The exercises that match what was typed and the filters."""
        filters = self.filters.value(self.tags, self.favourites)
        return self._search.find(self.search.text(), filters)

    def _filter(self) -> None:
        """Show the exercises that were found, and the heads of their groups."""
        found = self.found
        ids = {each.id for each in found}
        best = self._search.best(self.search.text(), self._in_order(found))
        head: QListWidgetItem | None = None
        current: QListWidgetItem | None = None
        for item, exercise in self._items():
            if exercise is None:
                head = item
                head.setHidden(True)
                continue
            matches = exercise.id in ids
            item.setHidden(not matches)
            if matches and head is not None:
                head.setHidden(False)
            if best is not None and exercise.id == best.id:
                current = item
        self._nothing.setVisible(current is None)
        count = self.filters.count
        words = self._phrases["ui_library_filters"]
        self.filter_button.setText(f"{words} ({count})" if count else words)
        self.filter_button.setAccessibleName(self.filter_button.text())
        if current is not None:
            self.list.setCurrentItem(current)
        self._offer_routine(found)
        self._describe()

    def _in_order(self, found: Sequence[Exercise]) -> list[Exercise]:
        """What was found in the order of the list, but first what is selected already."""
        order = [each for _, each in self._items() if each is not None and each in found]
        selected = self.current
        return sorted(order, key=lambda each: each is not selected)

    def _offer_routine(self, found: tuple[Exercise, ...]) -> None:
        """Offer a routine of what was found, once the list is restricted."""
        restricted = bool(self.search.text().strip()) or self.filters.count > 0
        count = len(self._allowed(found))
        self.make.setText(self._phrases["ui_library_make"].format(count=count))
        self.make.setAccessibleName(self.make.text())
        fits = 1 < count <= MOST_TOGETHER
        self.make.setVisible(restricted and fits and not self._adding)

    def _allowed(self, found: tuple[Exercise, ...]) -> list[Exercise]:
        return [each for each in found if not self.tags & set(each.contraindications)]

    @property
    def current(self) -> Exercise | None:
        """The selected exercise, which the page describes; None if it is hidden."""
        item = self.list.currentItem()
        if item is None or item.isHidden():
            return None
        return self._exercises.get(item.data(Qt.ItemDataRole.UserRole) or "")

    def describe(self, tags: Collection[str], favourites: Collection[str] = ()) -> None:
        """Update the page after the safety answers or the favourites have changed."""
        self.tags, self.favourites = frozenset(tags), frozenset(favourites)
        self._filter()

    def for_adding(self) -> ExercisePage:
        """A page of the same library that adds exercises to a routine."""
        return ExercisePage(
            self._phrases,
            self._exercises,
            self._search,
            self.tags,
            self.favourites,
            adding=True,
        )

    def say(self, text: str) -> None:
        """Show a sentence above the list, such as that an exercise was added."""
        self.note.setText(text)
        self.note.show()
        announce(self, text)

    def enter(self) -> None:
        """Show the list, without the sentence of an earlier visit."""
        self.note.hide()
        self._show_filters(False)
        super().enter()

    def _describe(self) -> None:
        exercise = self.current
        self.about.setVisible(exercise is not None)
        if exercise is None:
            self.start.setEnabled(False)
            return
        instead = limits_words(exercise, self._exercises, self.tags, self._phrases)
        allowed = self.about.show_exercise(exercise, self.tags, self.favourites, instead)
        self.start.setEnabled(allowed)
        self.detail.verticalScrollBar().setValue(0)
        if self.list.hasFocus():
            self._show_filters(False)

    def _turn(self) -> None:
        self._show_filters(self.filter_button.isChecked())

    def _show_filters(self, on: bool) -> None:
        """Show the filters in the place of the description, or the description again."""
        self.filter_button.setChecked(on)
        self._right.setCurrentWidget(self._choosing if on else self.detail)

    def _mark(self) -> None:
        """The user has marked the exercise as a favourite, or no longer does."""
        exercise = self.current
        if exercise is not None:
            self.favourites = self.favourites ^ {exercise.id}
            self.favourites_changed.emit(tuple(sorted(self.favourites)))
            self._filter()

    def _make(self) -> None:
        """Make a routine of what was found and the user may do."""
        name = self.search.text().strip() or self.filters.words
        name = name[:1].upper() + name[1:] or self._phrases["ui_library_found_name"]
        self.routine_wanted.emit(name, [each.id for each in self._allowed(self.found)])

    def _start_found(self) -> None:
        """Start the selected exercise on Return in the search field, unless the field is empty."""
        if self.search.text().strip():
            self._start()

    def _start(self) -> None:
        if self.current is not None and self.start.isEnabled():
            self.chosen.emit(self.current.id)


def _group(exercise: Exercise) -> str:
    return exercise.group if exercise.group in GROUPS else "other"


def _item(exercise: Exercise) -> QListWidgetItem:
    made = QListWidgetItem(exercise.name)
    made.setData(Qt.ItemDataRole.UserRole, exercise.id)
    made.setSizeHint(QSize(200, THUMB.height() + 20))
    return made


def _picture(item: QListWidgetItem, exercise: Exercise) -> None:
    path = picture_of(exercise.id)
    if path is not None:
        thumb = QPixmap.fromImage(read_picture(path, 2 * THUMB.width()))
        icon = QIcon(thumb)
        icon.addPixmap(thumb, QIcon.Mode.Selected)  # otherwise Qt would tint it
        item.setIcon(icon)
