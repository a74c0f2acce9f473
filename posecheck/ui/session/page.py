"""The page of a guided session.

`coach/guide.py` decides, a `SessionWorker` looks and judges in its own thread, and this page
carries out the result. Its parts:

page_states.py  which panel covers the picture, as a table of transitions
keys.py         which command a key gives, and which buttons there are now
display.py      what the canvas draws, and whether the screen stays on
sound.py        the voice and the tones
ending.py       the summary

The page connects these parts and contains no other logic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QMetaMethod, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from posecheck.coach.error_phrases import told
from posecheck.coach.guide import Command, Guide
from posecheck.coach.scene import Scene
from posecheck.coach.summary import Summary
from posecheck.io.audio.voice import Voice
from posecheck.io.store import settings
from posecheck.ui.draw.picture import Picture
from posecheck.ui.session.bar import USUAL_PAGE_HEIGHT, Bar
from posecheck.ui.session.caption import Caption
from posecheck.ui.session.display import ScreenAwake, SessionDisplay
from posecheck.ui.session.ending import sum_up
from posecheck.ui.session.keys import SessionKeys, button_layout
from posecheck.ui.session.overlay import Cover, HelpPanel, LeavePanel, Notice, TroublePanel
from posecheck.ui.session.page_states import (
    OVER,
    PAGE_TRANSITIONS,
    PageEvent,
    PageState,
    PanelPause,
)
from posecheck.ui.session.request import SessionRequest
from posecheck.ui.session.sound import SessionSound
from posecheck.ui.session.summary_page import SummaryPage
from posecheck.ui.session.worker import SessionWorker
from posecheck.ui.widgets.canvas import Canvas
from posecheck.ui.widgets.style import page_colours, scene_colours

VOICE_POLL_MS = 50
"""Time between two checks whether a waiting line may be spoken and the screen may go dark."""


SUMMARY_ENLARGEMENT, MAX_SUMMARY_SCALE = 1.25, 2.0
"""The summary is read while one gets up from the mat: its letters are larger than those of other
pages, and grow with the page, to this scale at most."""


class SessionPage(QWidget):
    """One guided session, from the first picture to the summary, and again if the user wants it.

    finished         the user wants to go home
    settings_wanted  the user wants to change the settings. A trouble offers this only while the
                     signal is connected
    closed           a session is over and its camera is free: it has ended, was left, or could not
                     begin. Emitted once for each session, also when the page closes during one

    summary          of the session that is over; None while one runs, and when nothing was judged
    trouble          why the session could not begin, "" otherwise
    worker           of the session that runs or is over
    """

    finished = Signal()
    settings_wanted = Signal()
    closed = Signal()

    summary: Summary | None
    trouble: str
    worker: SessionWorker

    def __init__(
        self,
        request: SessionRequest,
        phrases: Mapping[str, str],
        voice: Callable[[], Voice],
        theme: settings.ThemeChoice,
        font_scale: float = 1.0,
        told: set[str] | None = None,
        mirrored: bool = True,
        captions: bool = False,
    ) -> None:
        """`told`: the notices that earlier sessions have shown; they are not shown again, and those
        of this session are added. `mirrored`: show the camera's picture as in a mirror.
        `captions`: show what is said as text."""
        super().__init__()
        self._request, self._phrases = request, phrases
        self._theme, self._font_scale = theme, font_scale
        self._state: PageState = "running"
        self._closed = False
        self._canvas = Canvas(scene_colours(theme), font_scale)
        self._canvas.setAccessibleName(request.name)
        self._canvas.mirrored = mirrored
        self._display = SessionDisplay(self._canvas, phrases)
        self._screen = ScreenAwake()
        self._sound = SessionSound(voice, self)
        self._notice = Notice(set() if told is None else told)
        self._caption = Caption(page_colours(theme), font_scale)
        self._caption.setVisible(captions)
        self._bar = Bar(page_colours(theme), font_scale)
        self._cover = Cover(self, self._canvas, self._bar)
        self._keys = SessionKeys(
            self,
            phrases,
            self._command,
            {
                "P": self._report_pain,
                "M": self._answer_mild_or_mute,
                "H": lambda: self._apply("help"),
                "F": self._toggle_full_screen,
                "Esc": self._escape,
            },
        )
        self._bar.pressed.connect(self._keys.press)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._canvas, 1)
        layout.addWidget(self._caption)
        layout.addWidget(self._notice)
        layout.addWidget(self._bar)
        self._poll_timer = QTimer(self)
        self._poll_timer.timeout.connect(self._poll)
        self._poll_timer.start(VOICE_POLL_MS)
        self._begin()

    # --- what others may ask --------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        """What is drawn."""
        return self._canvas.scene

    @property
    def image(self) -> Picture | None:
        """The camera's picture that is drawn; None before the first."""
        return self._canvas.image

    @property
    def judged_t(self) -> float:
        """Time of the frame that the scene belongs to, seconds of the source; 0.0 before the first.
        The picture below it may be newer."""
        return self._display.judged_t

    @property
    def buttons(self) -> Mapping[str, QPushButton]:
        """The buttons in the bar, by the text on their caps."""
        return self._bar.buttons

    @property
    def panel(self) -> QWidget | None:
        """The panel that covers the picture: help, question, trouble or summary."""
        return self._cover.panel

    # --- a session begins and ends --------------------------------------------------------------

    def _begin(self) -> None:
        request = self._request
        self.summary, self.trouble, self._left = None, "", False
        self._guide = Guide(
            request.planned_sets,
            self._phrases,
            request.level,
            request.opening,
            request.written,
            request.watched,
        )
        self._panel_pause = PanelPause()
        self.worker = SessionWorker(
            request.open_source,
            request.open_model,
            self._guide,
            request.recorder,
            request.history,
        )
        self.worker.stage.connect(self._display.show_stage)
        self.worker.update_ready.connect(self._take_update)
        self.worker.ended.connect(self._end)
        self._display.start(self._guide.view)
        self._lay_buttons()
        self._screen.update(self._sound.t, halted=False)
        self.worker.start()

    def _end(self, error: str) -> None:
        """The worker's thread has ended, with a sentence if an error ended it."""
        if self._closed or self.sender() is not self.worker:  # that one was left for another
            return
        self._take_update()
        self._stop()
        if error and not self.worker.set_stats:
            self.trouble = error
            self._apply("failed")
        else:
            self.summary = self._summary(error)
            self._apply("ended")
        self.closed.emit()

    def _stop(self) -> None:
        """Free the camera. The voice may still finish."""
        self.worker.close()
        self._screen.release()

    def _summary(self, error: str = "") -> Summary:
        return sum_up(
            self._request,
            self.worker,
            self._guide,
            self._phrases,
            error=error,
            unwritten=self._sound.unwritten,
            left=self._left,
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the session that runs; if anything was judged, with a `summary` for the terminal."""
        if not self._closed:
            self._closed = True
            self._poll_timer.stop()
            self._stop()
            self._sound.close()
            if self._state not in OVER:
                self._left = True
                if self.worker.set_stats:
                    self.summary = self._summary()
                self.closed.emit()
        super().closeEvent(event)

    # --- what the worker delivers ---------------------------------------------------------------

    def _take_update(self) -> None:
        if self._closed:
            return
        update = self.worker.take()
        self._sound.say(update.cues, update.tones)
        if self._state in OVER:
            return
        options = self._display.options
        self._display.show(update)
        if update.guided is not None:
            self._panel_pause.see(update.guided.view.halted)
        if self._display.options != options:
            self._lay_buttons()

    def _poll(self) -> None:
        self._sound.say()
        self._notice.show_once(told(self._phrases, self._sound.missing))
        self._caption.show_text(self._sound.caption)
        if self._state not in OVER:
            self._screen.update(self._sound.t, bool(self._halted))

    @property
    def _halted(self) -> str:
        """Why the session stands still; "" when it does not."""
        view = self._display.view
        return view.halted if view is not None else ""

    @property
    def _in_pain(self) -> bool:
        view = self._display.view
        return view is not None and bool(view.pain.step)

    # --- keys and buttons -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys.handle(event, self._bar.focused):
            super().keyPressEvent(event)

    def _command(self, command: Command) -> None:
        if self._state == "running" and self._display.view is None and command == "uncheck":
            self._apply("clock")
        elif self._state == "running":
            self.worker.command(command)

    def _report_pain(self) -> None:
        """P works at any time, also while help or the question whether to leave is open."""
        self._apply("pain")
        self._command("pain")

    def _answer_mild_or_mute(self) -> None:
        """M answers "mild" while the guide asks for the kind of pain. In the rest of the pain flow
        it does nothing, because it was an answer a moment ago; otherwise it mutes."""
        if any(option.key == "M" for option in self._display.options):
            self._command("mild")
        elif self._state == "running" and not self._in_pain:
            self._sound.toggle_mute()
            self._lay_buttons()

    def _toggle_full_screen(self) -> None:
        window = self.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _escape(self) -> None:
        if self._state in OVER:
            self.finished.emit()
        else:
            self._apply("escape")

    def _lay_buttons(self) -> None:
        """Show the buttons for what can be chosen now."""
        display = self._display
        self._bar.lay(
            button_layout(display.view, display.options, self._sound.muted, self._phrases)
        )
        self._bar.arrange(self.width(), self.height())

    # --- states and panels ----------------------------------------------------------------------

    def _apply(self, event: PageEvent) -> None:
        """Change the state as the table says, and do what the new state requires."""
        before, after = self._state, PAGE_TRANSITIONS[self._state].get(event)
        if after is None:
            return
        self._state = after
        if after != "running":
            self._entered[after]()
        elif before in OVER or event == "clock":
            if event == "clock":
                self._request = self._request.by_the_clock()
                self._stop()
            self._cover.remove()
            self._begin()
            self.enter()
        else:
            self._uncover(resume=event != "pain")

    @property
    def _entered(self) -> Mapping[PageState, Callable[[], None]]:
        """What the page does when it enters a state."""
        return {
            "help": self._show_help,
            "leaving": self._ask_whether_to_leave,
            "stopping": self._leave,
            "trouble": self._show_trouble,
            "summary": self._show_summary,
        }

    def _show_help(self) -> None:
        back, colours = lambda: self._apply("back"), scene_colours(self._theme)
        watched = self._request.watched
        self._pause_for(HelpPanel(self._phrases, self._sound.problems, back, colours, watched))

    def _ask_whether_to_leave(self) -> None:
        leave, stay = lambda: self._apply("leave"), lambda: self._apply("back")
        self._pause_for(LeavePanel(self._phrases, leave, stay))

    def _leave(self) -> None:
        self._left = True
        self._cover.remove()
        self.worker.close()  # its signal `ended` follows

    def _pause_for(self, panel: QWidget) -> None:
        if not (self._halted or self._in_pain):
            self._panel_pause.begin()
            self.worker.command("pause")
        self._cover.show(panel)

    def _uncover(self, resume: bool) -> None:
        """Remove the panel; with `resume`, also take the pause back that it requested."""
        self._cover.remove()
        if not resume:
            self._panel_pause.forget()
        elif self._panel_pause.end(self._halted):
            self.worker.command("pause")
        self.enter()

    def _show_trouble(self) -> None:
        connected = self.isSignalConnected(QMetaMethod.fromSignal(self.settings_wanted))
        self._cover.show(
            TroublePanel(
                self.trouble,
                self._phrases,
                again=lambda: self._apply("again"),
                home=self.finished.emit,
                change=self.settings_wanted.emit if connected else None,
                clock=(lambda: self._apply("clock")) if self._request.watched else None,
            )
        )

    def _show_summary(self) -> None:
        assert self.summary is not None
        page = SummaryPage(self.summary, self._phrases, self._theme, self._font_scale)
        page.sheet.enlarge(summary_scale(self._font_scale, self.height()))
        page.again.connect(lambda: self._apply("again"))
        page.home.connect(self.finished)
        if self._request.history is not None:
            page.ask_after(self._request.history.writer.tell_after)
        self._cover.show(page)

    def enter(self) -> None:
        """Give the focus to the picture, or to the panel that covers it. Call it when the page is
        shown."""
        self._cover.enter()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._bar.arrange(self.width(), self.height())
            self._cover.arrange()
        return super().event(event)


def summary_scale(font_scale: float, height: int) -> float:
    """The scale of the letters of a summary on a page of this height, pixels."""
    return min(
        MAX_SUMMARY_SCALE, font_scale * SUMMARY_ENLARGEMENT * max(1.0, height / USUAL_PAGE_HEIGHT)
    )
