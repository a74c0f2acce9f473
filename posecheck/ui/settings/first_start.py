"""The first start: introduction, safety questions, camera, voice, level.

The user cannot get past the safety questions by pressing Next alone: no answer is preselected. A
yes leads to a page that asks for medical advice. Without advice the exercises stay locked
(`Settings.screened` is ""), but the user may finish and look around.

Next and Back follow this order; an open question or an unseen warning keeps Next on its page:

    page       Next stays while                   shown
    ---------  ---------------------------------  ----------------------------------------
    welcome                                       not with `only_safety`
    screening  a question has no answer           always
    advice     nothing is confirmed, first press  only after a yes to a screening question
    body                                          always
    camera                                        not with `only_safety`
    voice                                         not with `only_safety`
    level                                         not with `only_safety`
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from posecheck.history.plan_rules import ASK_AGAIN_DAYS
from posecheck.io.routines.load import Library
from posecheck.io.store.settings import Screened
from posecheck.ui.settings.first_start_pages import (
    AdvicePage,
    BodyPage,
    PreferencePages,
    ScreeningPage,
    StartPage,
)
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.services import Services
from posecheck.ui.widgets.controls import button, column, short


class FirstStart(QWidget):
    """All pages in order. The answers are saved in `settings` at the end, the text size at once.

    library      its exercises are on the page for a doctor
    only_safety  ask only the safety questions, to change the answers
    answers      safety answers given since the program was started; updated at the end. While they
                 lock the exercises, the pages start at the medical advice

    finished  the user has completed the last page
    left      the user went back from the first page; impossible on the very first start
    """

    finished = Signal()
    left = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        settings: SettingsModel,
        services: Services,
        library: Library,
        only_safety: bool = False,
        answers: MutableMapping[str, bool] | None = None,
    ) -> None:
        super().__init__()
        self._phrases, self._settings, self._only_safety = phrases, settings, only_safety
        self._answers: MutableMapping[str, bool] = {} if answers is None else answers
        now = settings.value
        screening = ScreeningPage(phrases, None if now.screened else self._answers)
        body = BodyPage(phrases, now.tags)
        self.screening, self.body = screening.questions, body.questions
        self._advice = AdvicePage(phrases, now.screened == "advice", library, self._told)
        self.doctor = self._advice.doctor
        self.confirmed, self.locked_says = self._advice.confirmed, self._advice.locked_says
        self.screening.answered.connect(self.body.follow)
        for question, yes in self.screening.answers.items():
            self.body.show_for(question, yes)
        order: list[StartPage] = [screening, self._advice, body]
        self._preferences: PreferencePages | None = None
        if not only_safety:
            more = self._preferences = PreferencePages(phrases, now, services)
            more.welcome.scale.changed.connect(lambda scale: settings.change(text_scale=scale))
            order = [more.welcome, *order, more.camera, more.voice, more.level]
        self.pages = {page.name: page for page in order}
        self._stack = QStackedWidget()
        self.setLayout(column(self._stack, gap=0))
        for page in order:
            self._stack.addWidget(page)
            page.left.connect(self.back)
        self._add_footers()
        if only_safety and self.screening.open is None and self.screening.any_yes:
            self._stack.setCurrentWidget(self._advice)

    @property
    def current(self) -> str:
        """The name of the current page."""
        return list(self.pages)[self._stack.currentIndex()]

    def enter(self) -> None:
        """Give the keyboard focus to the current page."""
        self.pages[self.current].enter()

    def next(self) -> None:
        """Go to the following page or finish, unless the current page needs an answer."""
        if self.current == "screening" and self.screening.open is not None:
            self.pages["screening"].reveal(self.screening.point_at_open())
            return
        if self.current == "advice" and self._advice.warn_once():
            self._advice.reveal(self.locked_says)
            return
        names = self._route()
        place = names.index(self.current)
        if place + 1 < len(names):
            self._show(names[place + 1])
        else:
            self._finish()

    def back(self) -> None:
        """Go to the previous page; emit `left` on the first one."""
        names = self._route()
        place = names.index(self.current)
        if place:
            self._show(names[place - 1])
        else:
            self.left.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the camera as well."""
        self._release_camera()
        super().closeEvent(event)

    def _route(self) -> list[str]:
        """The pages in order, as far as the answers so far call for them."""
        advice = self.screening.any_yes
        return [name for name in self.pages if name != "advice" or advice]

    def _show(self, name: str) -> None:
        self._stack.setCurrentWidget(self.pages[name])
        self._advice.hide_warning()
        if name == "camera" and self._preferences is not None:
            self._preferences.begin_preview()
        self.enter()

    def _finish(self) -> None:
        self._release_camera()
        self._answers.update(self.screening.answers)
        preferences = {} if self._preferences is None else self._preferences.chosen
        tags, today = self.body.tags, date.today().isoformat()
        asked = tuple((tag, today) for tag in tags if tag in ASK_AGAIN_DAYS)
        self._settings.change(screened=self._screened(), tags=tags, asked=asked, **preferences)
        self.finished.emit()

    def _told(self) -> tuple[list[str], tuple[str, ...]]:
        """The screening questions with a yes, as texts, and the contraindications."""
        answers = self.screening.answers
        return [self._phrases[key] for key, yes in answers.items() if yes], self.body.tags

    def _screened(self) -> Screened:
        if not self.screening.any_yes:
            return "clear"
        return "advice" if self.confirmed.isChecked() else ""

    def _release_camera(self) -> None:
        if self._preferences is not None:
            self._preferences.release_camera()

    def _add_footers(self) -> None:
        """Add Back and Next to each page, last, so that the Tab key reaches them last."""
        words = self._phrases
        counted = [name for name in self.pages if name != "advice"]
        for name, page in self.pages.items():
            first, last = name == counted[0], name == counted[-1]
            back = button(words["ui_back"], self.back)
            back.setVisible(not first or self._only_safety)
            step = short("", "muted")
            if name in counted:
                numbers = {"number": counted.index(name) + 1, "count": len(counted)}
                step.setText(words["ui_step"].format(**numbers))
            next_text = words["ui_finish"] if last else words["ui_next"]
            onward = button(next_text, self.next, "main")
            page.foot(back, step, 0, onward)
            page.first = page.first or onward
