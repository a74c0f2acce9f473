"""`posecheck reminders --now`: one reminder, as the system's scheduler asks for it.

The desk program reminds by itself while it runs. A reminder waits for a free moment as long as the
desk's would, and ends when the desk starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from posecheck.commands.desk_reminder import LOOK_MS, DeskReminder
from posecheck.commands.translating import in_language
from posecheck.desk.alerts import Circumstances
from posecheck.io.desktop.circumstances import DesktopState
from posecheck.io.desktop.single_instance import desk_runs
from posecheck.io.paths import data_home
from posecheck.io.routines.load import Library
from posecheck.io.store.history_writer import local_now
from posecheck.io.store.settings import Settings, load_settings
from posecheck.ui.application import display_trouble, gui_application, run_until_closed
from posecheck.ui.desk.looks import desk_icon
from posecheck.ui.desk.nudge import NUDGE_STAY_S, NudgeWindow
from posecheck.ui.desk.tray import SHOWN_MS
from posecheck.ui.memory.model import Memory
from posecheck.ui.settings.model import SettingsModel


def remind_now(library: Library) -> int:
    """Remind of what is due, once nothing forbids it. Returns the exit code, which is 0 also where
    there is nothing to say or no screen to say it on."""
    settings, _ = load_settings()
    if not settings.remind_at or desk_runs(data_home()) or display_trouble():
        return 0
    application = gui_application()
    application.setQuitOnLastWindowClosed(False)
    phrases, library = in_language(library, "", settings.language)
    desktop = DesktopState((settings.quiet_from, settings.quiet_to))
    notice = Notice(phrases, settings)
    reminder = OneReminder(
        phrases,
        Memory(library, SettingsModel(settings)),
        lambda: desktop.circumstances(datetime.now()),
        notice.show,
    )
    reminder.over.connect(lambda: application.exit(0))
    notice.closed.connect(lambda: application.exit(0))
    QTimer.singleShot(0, reminder, reminder.look)
    code = run_until_closed(application)
    desktop.close()
    return code


class OneReminder(QObject):
    """Reminds once, and waits for a free moment until then.

    over  nothing is left to say, and nothing was said
    """

    over = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        memory: Memory,
        circumstances: Callable[[], Circumstances],
        notify: Callable[[str], object],
        now: Callable[[], datetime] = local_now,
        folder: Path | None = None,
    ) -> None:
        """`folder`: of the user's data, in which a desk that runs holds its lock."""
        super().__init__()
        self._notify, self._folder = notify, folder or data_home()
        self._told = False
        self._reminder = DeskReminder(phrases, memory, circumstances, self._tell, now)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def look(self) -> None:
        """Remind if nothing forbids it; look again in a minute while something does."""
        desk = desk_runs(self._folder)
        if not desk:
            self._reminder.look()
        if self._told:
            self._timer.stop()
        elif desk or not self._reminder.waits:
            self._timer.stop()
            self.over.emit()
        else:
            self._timer.start(LOOK_MS)

    def _tell(self, text: str) -> None:
        self._told = True
        self._notify(text)


class Notice(QObject):
    """A notification of the desktop, or a small window where there is no tray.

    closed  it was shown for its time
    """

    closed = Signal()

    def __init__(self, phrases: Mapping[str, str], settings: Settings) -> None:
        super().__init__()
        self._phrases, self._settings = phrases, settings
        self.icon: QSystemTrayIcon | None = None
        self.window: NudgeWindow | None = None

    def show(self, text: str) -> None:
        """Show a sentence."""
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            icon = desk_icon("fine")
            self.icon = QSystemTrayIcon(icon, self)
            self.icon.show()
            self.icon.showMessage("posecheck", text, icon, SHOWN_MS)
            QTimer.singleShot(SHOWN_MS, self, self.closed.emit)
            return
        look = self._settings
        self.window = NudgeWindow(self._phrases, look.theme, look.text_scale)
        self.window.hint(text)
        QTimer.singleShot(round(1000 * NUDGE_STAY_S), self, self.closed.emit)
