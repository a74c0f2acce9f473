"""The choice of one exercise: a search, a list in groups, and the instructions beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from posecheck.coach.doctor_sheet import limits_words
from posecheck.exercise import GROUPS, Exercise
from posecheck.ui.widgets.controls import Page, button, card, column, label, row, scroll, short
from posecheck.ui.widgets.field import field, line
from posecheck.ui.widgets.pictures import CoverPicture, picture_of, read_picture

THUMB = QSize(92, 69)


class ExercisePage(Page):
    """`chosen` gives the id of the exercise to practise.

    tags  the user's contraindications; exercises that they exclude cannot be started
    """

    chosen = Signal(str)

    def __init__(
        self,
        phrases: Mapping[str, str],
        exercises: Mapping[str, Exercise],
        tags: Collection[str] = (),
    ) -> None:
        super().__init__(phrases["ui_practise_title"])
        self._phrases, self._exercises = phrases, exercises
        self.tags = frozenset(tags)
        self.search = line(phrases["ui_search"], phrases["ui_search_example"])
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(phrases["ui_practise_list"])
        self.list.setIconSize(THUMB)
        self.list.setWordWrap(True)
        self.list.setUniformItemSizes(False)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = label(phrases["ui_search_none"], "muted")
        self._nothing.hide()
        self._picture = CoverPicture(None, ratio=16 / 10)
        self._name = label("", "heading")
        self._badge = short("", "badge")
        self._text = label("")
        self._warns = label("", "care")
        self._warning = card(column(self._warns), "notice")
        self.start = button(phrases["ui_practise_start"], self._start, "main")
        self._lay_out()
        self._fill()
        self.first = self.search
        self.search.textChanged.connect(self._filter)
        self._pictured = False
        self.list.currentItemChanged.connect(lambda *_: self._describe())
        self.search.returnPressed.connect(self._start_found)
        self.list.itemActivated.connect(lambda _: self._start())
        self._filter("")

    def _lay_out(self) -> None:
        words = self._phrases
        left = column(field(words["ui_search"], self.search), gap=12)
        left.addWidget(self._nothing)
        left.addWidget(self.list, 1)
        badge = row(self._badge, 0)
        about = QWidget()
        parts = column(self._picture, self._name, badge, self._warning, self._text, 0, gap=12)
        parts.setContentsMargins(0, 0, 14, 0)
        about.setLayout(parts)
        self.detail = scroll(about)
        sides = row(gap=32)
        sides.addLayout(left, 5)
        sides.addWidget(self.detail, 6)
        whole = column(label(words["ui_practise_title"], "title"), gap=14)
        whole.addLayout(sides, 1)
        self.put_still(whole)
        self.area = self.detail
        self.foot(button(words["ui_back"], self.left.emit), 0, self.start)

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

    def _filter(self, text: str) -> None:
        """Show the exercises whose name, aliases and group contain all typed words."""
        words = text.casefold().split()
        head: QListWidgetItem | None = None
        current: QListWidgetItem | None = None
        for item, exercise in self._items():
            if exercise is None:
                head = item
                head.setHidden(True)
                continue
            group = head.text() if head is not None else ""
            text_of_item = " ".join((exercise.name, *exercise.aliases, group)).casefold()
            matches = all(word in text_of_item for word in words)
            item.setHidden(not matches)
            if matches and head is not None:
                head.setHidden(False)
            if matches and (current is None or item is self.list.currentItem()):
                current = item
        self._nothing.setVisible(current is None)
        if current is not None:
            self.list.setCurrentItem(current)
        self._describe()

    @property
    def current(self) -> Exercise | None:
        """The selected exercise, which the page describes; None if it is hidden."""
        item = self.list.currentItem()
        if item is None or item.isHidden():
            return None
        return self._exercises.get(item.data(Qt.ItemDataRole.UserRole) or "")

    def describe(self, tags: Collection[str]) -> None:
        """Update the description after the safety answers have changed."""
        self.tags = frozenset(tags)
        self._describe()

    def _describe(self) -> None:
        exercise, words = self.current, self._phrases
        self.detail.setVisible(exercise is not None)
        if exercise is None:
            self.start.setEnabled(False)
            return
        self._picture.show_file(picture_of(exercise.id))
        self._name.setText(exercise.name)
        self._badge.setText(words[f"ui_check_{exercise.check}"])
        steps = [f"{number}. {step}" for number, step in enumerate(exercise.instructions, 1)]
        parts = ["\n\n".join(steps), exercise.safety]
        if exercise.not_checked:
            unseen = "; ".join(exercise.not_checked)
            parts.append(words["ui_not_checked"].format(what=unseen))
        parts.append(reviewed(words, exercise))
        self._text.setText("\n\n".join(parts))
        excluded = [words[f"tag_{t}"] for t in exercise.contraindications if t in self.tags]
        self._warning.setVisible(bool(excluded))
        if excluded:
            instead = limits_words(exercise, self._exercises, self.tags, words)
            self._warns.setText(
                f"{words['ui_practise_not'].format(why=' '.join(excluded))} {instead}"
            )
        self.start.setEnabled(not excluded)
        self.detail.verticalScrollBar().setValue(0)

    def _start_found(self) -> None:
        """Start the selected exercise on Return in the search field, unless the field is empty."""
        if self.search.text().strip():
            self._start()

    def _start(self) -> None:
        if self.current is not None and self.start.isEnabled():
            self.chosen.emit(self.current.id)


def reviewed(phrases: Mapping[str, str], exercise: Exercise) -> str:
    """Who has reviewed the exercise and when, or that nobody has."""
    if not exercise.reviewed_by:
        return phrases["ui_reviewed_none"]
    return phrases["ui_reviewed"].format(name=exercise.reviewed_by, day=exercise.reviewed_on)


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
