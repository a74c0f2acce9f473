"""The page of a led session: the picture with everything drawn on it, buttons, keys, voice.

It carries out what `coach/guide.py` decides. Pictures and verdicts come from a `SessionWorker`; the
page draws the newest one, speaks what was said, and hands keys on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QMetaMethod, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from posecheck.coach.compose import SceneDwell, led_scene
from posecheck.coach.guide import Command, Guide
from posecheck.coach.pipeline import GuidedFrame
from posecheck.coach.scene import Option, Scene
from posecheck.coach.summary import Summary, summarise
from posecheck.io.audio.late_voice import LateVoice
from posecheck.io.audio.voice import Voice
from posecheck.io.desktop.keep_awake import Awake
from posecheck.io.store import settings
from posecheck.io.store.recorder import Recorder
from posecheck.io.vision.camera import Source
from posecheck.session.plan import PlannedSet
from posecheck.ui.draw.painter import Pictures
from posecheck.ui.draw.picture import Picture
from posecheck.ui.session.bar import Bar, Choice
from posecheck.ui.session.overlay import HelpPanel, LeavePanel, Notice, PanelPause, TroublePanel
from posecheck.ui.session.summary_page import SummaryPage
from posecheck.ui.session.worker import Estimating, SessionWorker
from posecheck.ui.widgets.canvas import Canvas
from posecheck.ui.widgets.style import colours, painted

VOICE_AFTER_MS = 50
TICK_MS = 50
"""How often the voice is asked whether a waiting line may begin."""
AWAKE_S = 300.0
"""The screen is kept on through a pause of so long; one who stays away longer may have left."""
STALE_S = 0.5
"""A skeleton that is so much older than the picture below it is not drawn: a limb moves by its own
width in that time. With the usual model it is 0.07 s."""
OFFERED = ("U", "R")
"""Keys that are there only while something is offered."""
HALTED = (("←", "do_back"), ("→", "do_skip"), ("H", "do_help"))
"""Keys that stay beside the answers while the person has paused, and their phrases."""
ARROWS = {"←": "Left", "→": "Right"}
"""Key caps that are not the name that Qt knows the key by."""


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A session to be led: what, how, and from which pictures.

    name      of the routine or the exercise
    tasks     the sets
    level     1 to 3
    opening   sentences to say first
    extra     sentences for the end of the summary: what was changed for this person
    opened    opens the source
    estimating  opens the model
    recorder  records the landmarks, None for no recording
    """

    name: str
    planned_sets: tuple[PlannedSet, ...]
    level: int
    opening: tuple[str, ...]
    extra: tuple[str, ...]
    opened: Callable[[], Source]
    estimating: Estimating
    recorder: Recorder | None = None


class SessionPage(QWidget):
    """One led session, from the first picture to the summary.

    finished  the person wants to go home
    settings_wanted  the person wants to change the settings: offered with a trouble if connected
    closed    the session has ended, was left or could not begin: `summary` or `trouble` tells
    """

    finished = Signal()
    settings_wanted = Signal()
    closed = Signal()

    def __init__(
        self,
        asked: SessionRequest,
        phrases: Mapping[str, str],
        voice: Callable[[], Voice],
        theme: settings.ThemeChoice,
        pictures: Pictures,
        font_scale: float = 1.0,
    ) -> None:
        super().__init__()
        self._asked, self._phrases = asked, phrases
        self._theme, self._font_scale = theme, font_scale
        self._voice = LateVoice(voice)
        self._awake: Awake | None = None
        self._over = self._gone = False
        self._panel: QWidget | None = None
        self._canvas = Canvas(painted(theme), pictures, font_scale)
        self._canvas.setAccessibleName(asked.name)
        self._bar = Bar(colours(theme), font_scale)
        self._notice = Notice(self._canvas)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._canvas, 1)
        whole.addWidget(self._bar)
        self._began_s = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        # The engine of some systems takes seconds: it comes when the page is there already.
        later = QTimer(self)
        later.setSingleShot(True)
        later.timeout.connect(self._get_voice)
        later.start(VOICE_AFTER_MS)
        self._keys = self._actions()
        for keys, do in self._keys.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)  # a key that is held would skip set after set
            shortcut.activated.connect(do)
        self._begin()

    # --- a session begins and ends --------------------------------------------------------------

    def _begin(self) -> None:
        asked = self._asked
        self.summary: Summary | None = None
        self.trouble = ""
        self._over = self._left = False
        self._guide = Guide(asked.planned_sets, self._phrases, asked.level, asked.opening)
        self._scene_dwell = SceneDwell()
        self._moment: GuidedFrame | None = None
        self._halted_at = self._t
        self._pausing = PanelPause()
        self.loop = SessionWorker(asked.opened, asked.estimating, self._guide, asked.recorder)
        self.loop.fresh.connect(self._show_news)
        self.loop.ended.connect(self._end)
        # Arranged as the first moment will be: what is large now would jump to its place later.
        starting = led_scene(self._guide.view, None, self._phrases)
        ready, cue = self._phrases["state_ready"], self._phrases["starting"]
        self._canvas.show_picture(None)
        self._canvas.show_scene(
            replace(starting, display_state="ready", word=ready, cue=cue, detail="", options=())
        )
        self._options: tuple[Option, ...] = ()
        self._lay_buttons()
        self._keep_awake(True)
        self.loop.start()

    @property
    def scene(self) -> Scene:
        """What is drawn."""
        return self._canvas.scene

    @property
    def image(self) -> Picture | None:
        """The camera's picture in it, None before the first."""
        return self._canvas.image

    @property
    def judged_t(self) -> float:
        """The time of the picture that the scene is of, seconds of the source; 0.0 before the
        first. What is drawn below it may be newer."""
        return self._moment.frame.t if self._moment else 0.0

    @property
    def buttons(self) -> Mapping[str, QPushButton]:
        """Those that can be pressed now, by their keys."""
        return self._bar.buttons

    @property
    def panel(self) -> QWidget | None:
        """What lies over the picture: help, a question, a trouble, the summary."""
        return self._panel

    def enter(self) -> None:
        """The page is shown: keys go to the picture, or to what lies over it."""
        if self._panel is None:
            self._canvas.setFocus()
        else:
            getattr(self._panel, "enter", self._panel.setFocus)()

    def _end(self, trouble: str) -> None:
        """The loop has ended: the summary, or what is wrong."""
        if self._gone:
            return
        self._show_news()
        self._stop()
        if trouble and not self.loop.accounts:
            self.trouble = trouble
            listened = self.isSignalConnected(QMetaMethod.fromSignal(self.settings_wanted))
            change = self.settings_wanted.emit if listened else None
            self._open(
                TroublePanel(trouble, self._phrases, self._again, self.finished.emit, change)
            )
        else:
            self.summary = self._summed(trouble)
            page = SummaryPage(self.summary, self._phrases, self._theme, self._font_scale)
            page.again.connect(self._again)
            page.home.connect(self.finished)
            self._open(page)
        self.closed.emit()

    def _summed(self, trouble: str = "") -> Summary:
        extra = [text for text in (trouble, self._voice.unwritten) if text]
        if not (self.loop.complete or trouble or self._left):
            extra.append(self._phrases["ended"])
        if "pain" in self._guide.outcomes.values():
            # The end of a session leaves no time to read it on the picture.
            extra.append(self._phrases["pain_care"])
        return summarise(
            self._asked.name, self.loop.accounts, self.loop.worst, self._phrases,
            eased=self._guide.view.eased, outcomes=self._guide.outcomes,
            extra=(*self._asked.extra, *extra),
        )  # fmt: skip

    def _again(self) -> None:
        self._open(None)
        self._begin()
        self.enter()

    def _stop(self) -> None:
        """The camera is free afterwards. The voice still ends what it has to say."""
        self._over = True
        self.loop.close()
        self._keep_awake(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A session that is closed in its middle is summed up too, for who asks for `summary`."""
        if not self._gone:
            self._gone = True
            running = not self._over
            self._timer.stop()
            self._stop()
            self._voice.close()
            if running and self.loop.accounts:
                self._left = True
                self.summary = self._summed()
                self.closed.emit()
        super().closeEvent(event)

    # --- what is seen and heard -----------------------------------------------------------------

    @property
    def _t(self) -> float:
        """Seconds of this page. They go on when the session is done again: a voice knows no way
        back."""
        return time.perf_counter() - self._began_s

    def _show_news(self) -> None:
        if self._gone:
            return
        news = self.loop.take()
        self._voice.say(self._t, news.cues, news.tones)
        if self._over:
            return
        if news.image is not None:
            self._canvas.show_picture(news.image)
        if news.moment is not None:
            self._moment, view = news.moment, news.moment.view
            self._pausing.see(view.halted)
            scene = led_scene(view, news.moment.pose, self._phrases)
            self._show(self._scene_dwell.update(news.moment.frame.t, scene))
        if news.behind_s > STALE_S and self.scene.pose is not None:
            self._canvas.show_scene(replace(self.scene, pose=None, mark=None))

    def _show(self, scene: Scene) -> None:
        if scene.options != self._options:
            self._options = scene.options
            self._lay_buttons()
        drawn = replace(scene, options=())  # they are real buttons here
        if scene.display_state == "pain":
            # No counting and no model to follow: only what to do now.
            drawn = replace(drawn, count="", unit="", seconds_by_verdict=None, exercise="")
        self._canvas.show_scene(drawn)

    def _get_voice(self) -> None:
        if not self._gone:
            self._voice.come()

    def _tick(self) -> None:
        """A waiting line may begin; the screen of one who stays away may go dark."""
        self._voice.say(self._t)
        self._notice.tell_once(self._voice.missing)
        if not (self._moment and self._moment.view.halted):
            self._halted_at = self._t
        self._keep_awake(not self._over and self._t - self._halted_at < AWAKE_S)

    def _keep_awake(self, wanted: bool) -> None:
        if wanted and self._awake is None:
            self._awake = Awake()
        elif not wanted and self._awake is not None:
            self._awake.close()
            self._awake = None

    # --- keys and buttons -----------------------------------------------------------------------

    def _actions(self) -> Mapping[str, Callable[[], object]]:
        return {
            "Right": lambda: self._command("skip"),
            "Left": lambda: self._command("back"),
            "P": self._pain,
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
        """Space and Return press the button that has the focus; otherwise they come here."""
        focused, key = self._bar.focused, event.key()
        if event.isAutoRepeat():
            return
        if key == Qt.Key.Key_Space:
            self._command("pause")
        elif key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif focused is not None:
            focused.click()
        else:
            self._command("close")

    def _command(self, command: Command) -> None:
        if self._panel is None:
            self.loop.command(command)

    def _pain(self) -> None:
        """It hurts: at any time, also while help or the question before leaving is open."""
        if isinstance(self._panel, HelpPanel | LeavePanel):
            self._pausing.end("")
            self._open(None)
            self.enter()
        self._command("pain")

    def _mild_or_mute(self) -> None:
        """M answers "mild" while that is asked, and mutes otherwise."""
        if any(option.key == "M" for option in self._options):
            self._command("mild")
        elif self._panel is None and not (self._moment and self._moment.view.pain.step):
            self._mute()  # not in the pain flow: there M was an answer a moment ago

    def _mute(self) -> None:
        self._voice.toggle()
        self._lay_buttons()

    def _full_screen(self) -> None:
        window = self.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _help(self) -> None:
        if isinstance(self._panel, HelpPanel):
            self._close_panel()
        elif self._panel is None:
            self._pause_for(HelpPanel(self._phrases, self._voice.problems, self._close_panel))

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
        if view is None or not (view.halted or view.pain.step):
            self._pausing.begin()
            self.loop.command("pause")
        self._open(panel)

    def _close_panel(self) -> None:
        self._open(None)
        halted = self._moment.view.halted if self._moment else ""
        if self._pausing.end(halted):
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
        self._bar.setEnabled(panel is None)
        if panel is not None:
            panel.setParent(self)
            panel.setGeometry(self.rect())
            panel.show()
            panel.raise_()
            self.enter()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._bar.arrange(self.width(), self.height())
            self._notice.arrange()
            if self._panel is not None:
                self._panel.setGeometry(self.rect())
        return super().event(event)

    def _lay_buttons(self) -> None:
        """The buttons for what can be chosen now."""
        words, view = self._phrases, self._moment.view if self._moment else None
        hurts = view is not None and bool(view.pain.step)
        answering = view is not None and bool(view.pain.step or view.halted)
        choices = [Choice(o.key, o.key, o.words, self._presser(o.key)) for o in self._options]
        stay = HALTED if view is not None and view.halted == "person" and not hurts else ()
        others = [
            *(Choice(key, key, words[name], self._presser(key)) for key, name in stay),
            Choice("M", "M", words["do_unmute" if self._voice.muted else "do_mute"], self._mute),
            Choice("F", "F", words["do_full"], self._full_screen),
            Choice("Esc", "Esc", words["do_leave"], self._escape),
        ]
        offered = choices and choices[0].key in OFFERED
        # A lost camera asks for nothing: that it hurts stays possible, and is not what to do now.
        lost = view is not None and view.halted == "camera" and not hurts
        asked = answering and not lost and bool(choices)
        # Of the three kinds of pain none is the likely one. Who hurts answers with M.
        main = choices[0].name if offered or (asked and len(choices) + hurts < 4) else ""
        self._bar.lay(choices, others[2:] if hurts else others, main, big=asked)
        self._bar.arrange(self.width(), self.height())

    def _presser(self, key: str) -> Callable[[], object]:
        """What a button with this key does: the same as the key."""
        if key == self._phrases["key_space"]:
            return lambda: self._command("pause")
        if key == "Enter":
            return lambda: self._command("close")
        return self._keys[ARROWS.get(key, key)]
