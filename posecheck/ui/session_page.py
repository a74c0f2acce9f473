"""The page of a led session: the picture with everything drawn on it, buttons, keys, voice.

It carries out what `guide.py` decides. Pictures and verdicts come from a `Loop`; the page draws
the newest one, speaks what was said, and hands keys on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from posecheck.app import LedMoment
from posecheck.compose import Calm, led_scene
from posecheck.guide import Command, Guide
from posecheck.io import settings
from posecheck.io.camera import Source
from posecheck.io.voice import Voice
from posecheck.scene import Option, Scene
from posecheck.session import Task
from posecheck.summary import Summary, summarise
from posecheck.ui.controls import button
from posecheck.ui.loop import Estimating, Loop
from posecheck.ui.overlay import HelpPanel, LeavePanel, TroublePanel
from posecheck.ui.painter import Picture, paint
from posecheck.ui.style import painted
from posecheck.ui.summary import SummaryPage
from posecheck.ui.theme import Theme

VOICE_AFTER_MS = 50
TICK_MS = 50
"""How often the voice is asked whether a waiting line may begin."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A session to be led: what, how, and from which pictures.

    name      of the routine or the exercise
    tasks     the sets
    level     1 to 3
    opening   sentences to say first
    extra     sentences for the end of the summary: what was changed for this person
    opened    opens the source
    estimating  opens the model
    """

    name: str
    tasks: tuple[Task, ...]
    level: int
    opening: tuple[str, ...]
    extra: tuple[str, ...]
    opened: Callable[[], Source]
    estimating: Estimating


class Canvas(QWidget):
    """The drawn part of the page."""

    def __init__(
        self, theme: Theme, pictures: Callable[[str], QImage | None], font_scale: float
    ) -> None:
        super().__init__()
        self._theme, self._pictures, self._font_scale = theme, pictures, font_scale
        self._image: Picture | None = None
        self._scene = Scene("ready", "")
        self.drawn_s = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_scene(self, image: Picture | None, scene: Scene) -> None:
        self._image, self._scene = image, scene
        words = f"{scene.word}. {scene.cue}"
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint(
            painter, QRectF(self.rect()), self._image, self._scene, look=self._theme,
            pictures=self._pictures, font_scale=self._font_scale,
        )  # fmt: skip
        painter.end()
        self.drawn_s = time.perf_counter()


class SessionPage(QWidget):
    """One led session, from the first picture to the summary.

    finished  the person wants to go home
    closed    the session has ended or was left; its summary is shown, or there is none
    """

    finished = Signal()
    closed = Signal()

    def __init__(
        self,
        asked: Asked,
        phrases: Mapping[str, str],
        voice: Callable[[], Voice],
        theme: settings.Theme,
        pictures: Callable[[str], QImage | None],
        font_scale: float = 1.0,
    ) -> None:
        super().__init__()
        self._asked, self._phrases = asked, phrases
        self._make_voice = voice
        self._voice: Voice | None = None
        self._theme, self._font_scale = theme, font_scale
        self.summary: Summary | None = None
        self._canvas = Canvas(painted(theme), pictures, font_scale)
        self._canvas.setAccessibleName(asked.name)
        self._buttons: dict[str, QPushButton] = {}
        self._panel: QWidget | None = None
        self._halted_for_panel = False
        self._bar = QHBoxLayout()
        self._bar.setContentsMargins(12, 6, 12, 10)
        self._bar.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._canvas, 1)
        whole.addLayout(self._bar)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        for keys, do in self._shortcuts().items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
        self._begin()

    # --- a session begins and ends --------------------------------------------------------------

    def _begin(self) -> None:
        asked = self._asked
        self.summary = None
        self._guide = Guide(asked.tasks, self._phrases, asked.level, asked.opening)
        self._calm = Calm()
        self._moment: LedMoment | None = None
        self._options: tuple[Option, ...] = ()
        self._began_s = time.perf_counter()
        self.loop = Loop(asked.opened, asked.estimating, self._guide)
        self.loop.fresh.connect(self._show_news)
        self.loop.ended.connect(self._over)
        starting = Scene("ready", self._phrases["state_ready"], cue=self._phrases["starting"])
        self._canvas.show_scene(None, replace(starting, title=asked.name))
        self._lay_buttons(())
        self._timer.start()
        self.loop.start()
        QTimer.singleShot(VOICE_AFTER_MS, self._get_voice)

    def _get_voice(self) -> None:
        """The engine of some systems takes seconds: it comes when the page is there already."""
        if self._voice is None:
            self._voice = self._make_voice()
            self._show_news()

    def enter(self) -> None:
        """The page is shown: keys go to the picture."""
        self._canvas.setFocus()

    def _over(self, trouble: str) -> None:
        """The loop has ended: the summary, or what is wrong."""
        self._show_news()
        self._stop()
        if trouble and not self.loop.accounts:
            self._open(TroublePanel(trouble, self._phrases, self._again, self.finished.emit))
            return
        extra = [trouble] if trouble else []
        if not self.loop.complete and not trouble and not self._left:
            extra.append(self._phrases["ended"])
        self._summarise((*self._asked.extra, *extra))

    _left = False

    def _summarise(self, extra: tuple[str, ...]) -> None:
        self.summary = summarise(
            self._asked.name, self.loop.accounts, self.loop.worst, self._phrases,
            eased=self._guide.view.eased, notes=self._guide.notes, extra=extra,
        )  # fmt: skip
        page = SummaryPage(self.summary, self._phrases, self._theme, self._font_scale)
        page.again.connect(self._again)
        page.home.connect(self.finished)
        self._open(page)
        self.closed.emit()

    def _again(self) -> None:
        self._open(None)
        self._left = False
        self._begin()
        self.enter()

    def _stop(self) -> None:
        self._timer.stop()
        self.loop.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        if self._voice is not None:
            self._voice.close()
        super().closeEvent(event)

    # --- what is seen and heard -----------------------------------------------------------------

    @property
    def _t(self) -> float:
        return time.perf_counter() - self._began_s

    def _show_news(self) -> None:
        if self._voice is None:
            return
        news = self.loop.take()
        self._voice.say(self._t, news.cues)
        self._voice.play(self._t, news.tones)
        if news.moment is None or self.summary is not None:
            return
        self._moment = news.moment
        scene = self._scene_of(news.moment)
        self._canvas.show_scene(news.moment.frame.image, replace(scene, options=()))
        self._lay_buttons(scene.options)

    def _scene_of(self, moment: LedMoment) -> Scene:
        scene = led_scene(moment.view, moment.pose, self._phrases)
        return self._calm.update(moment.frame.t, scene)

    def _tick(self) -> None:
        if self._voice is not None:
            self._voice.tick(self._t)

    # --- keys and buttons -----------------------------------------------------------------------

    def _shortcuts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "Right": lambda: self._command("skip"),
            "Left": lambda: self._command("back"),
            "P": lambda: self._command("pain"),
            "S": lambda: self._command("sharp"),
            "L": lambda: self._command("spreading"),
            "Y": lambda: self._command("easing"),
            "N": lambda: self._command("not_easing"),
            "U": lambda: self._command("uncheck"),
            "R": lambda: self._command("range"),
            "M": self._mild_or_mute,
            "H": self._help,
            "F1": self._help,
            "F": self._full_screen,
            "Esc": self._escape,
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter come here unless a button has the focus: it is then pressed."""
        if event.key() == Qt.Key.Key_Space and self._panel is None:
            self._command("pause")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._command("close")
        else:
            super().keyPressEvent(event)

    def _command(self, command: Command) -> None:
        if self._panel is None:
            self.loop.command(command)

    def _mild_or_mute(self) -> None:
        """M answers "mild" while that is asked, and mutes otherwise."""
        if any(option.key == "M" for option in self._options):
            self._command("mild")
        elif self._panel is None:
            self._mute()

    def _mute(self) -> None:
        if self._voice is not None:
            self._voice.muted = not self._voice.muted
        self._lay_buttons(self._options, anew=True)

    def _full_screen(self) -> None:
        window = self.window()
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()

    def _help(self) -> None:
        if isinstance(self._panel, HelpPanel):
            self._close_panel()
        elif self._panel is None:
            self._pause_for(HelpPanel(self._phrases, self._problems(), self._close_panel))

    def _problems(self) -> tuple[str, ...]:
        """What keeps the voice or the tones silent."""
        voice = self._voice
        both = (voice.problem, voice.sound_problem) if voice is not None else ()
        return tuple(problem for problem in both if problem)

    def _escape(self) -> None:
        """Leaving is asked once; the second Escape leaves."""
        if isinstance(self._panel, LeavePanel):
            self._leave()
        elif isinstance(self._panel, HelpPanel):
            self._close_panel()
        elif self._panel is None:
            self._pause_for(LeavePanel(self._phrases, self._leave, self._close_panel))
        else:
            self.finished.emit()

    def _pause_for(self, panel: QWidget) -> None:
        view = self._moment.view if self._moment else None
        running = view is not None and not view.halted and not view.pain.step
        if running:
            self.loop.command("pause")
        self._halted_for_panel = running
        self._open(panel)

    def _close_panel(self) -> None:
        self._open(None)
        if self._halted_for_panel:
            self._halted_for_panel = False
            self.loop.command("pause")
        self._canvas.setFocus()

    def _leave(self) -> None:
        self._left = True
        self._open(None)
        self.loop.close()  # `ended` comes from its thread

    def _open(self, panel: QWidget | None) -> None:
        """Lay a panel over the page, or take it away."""
        if self._panel is not None:
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        for each in self._buttons.values():
            each.setEnabled(panel is None)
        if panel is not None:
            panel.setParent(self)
            panel.setGeometry(self.rect())
            panel.show()
            panel.raise_()
            getattr(panel, "enter", panel.setFocus)()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._panel is not None:
            self._panel.setGeometry(self.rect())
        return super().event(event)

    def _lay_buttons(self, options: tuple[Option, ...], anew: bool = False) -> None:
        """The buttons for what can be chosen now; laid anew only when that changes."""
        if options == self._options and self._buttons and not anew:
            return
        self._options = options
        focused = next((key for key, each in self._buttons.items() if each.hasFocus()), "")
        while (item := self._bar.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._buttons = {}
        for option in options:
            self._lay(option.key, option.words, self._presser(option.key))
        self._bar.addStretch(1)
        muted = self._voice is not None and self._voice.muted
        mute = self._phrases["do_unmute" if muted else "do_mute"]
        self._lay("M", mute, self._mute, "mute")
        self._lay("F", self._phrases["do_full"], self._full_screen)
        self._lay("Esc", self._phrases["do_leave"], self._escape)
        if focused in self._buttons:
            self._buttons[focused].setFocus()
        elif focused:
            self._canvas.setFocus()

    def _lay(self, key: str, words: str, pressed: Callable[[], object], name: str = "") -> None:
        made = button(f"{words}  ({key})", pressed)
        made.setAccessibleName(words)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons[name or key] = made
        self._bar.addWidget(made)

    def _presser(self, key: str) -> Callable[[], object]:
        """What a button with this key does: the same as the key."""
        if key == self._phrases["key_space"]:
            return lambda: self._command("pause")
        if key == "Enter":
            return lambda: self._command("close")
        return self._shortcuts()[{"←": "Left", "→": "Right"}.get(key, key)]
