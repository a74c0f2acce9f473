"""Keys and buttons of a session: which command each one gives, and which buttons there are now.

A key and the button that shows it on its cap do the same. Both are named by the text on the cap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from posecheck.coach.guide import Command, GuideView
from posecheck.coach.scene import Option
from posecheck.ui.session.bar import ButtonLayout, ButtonSpec

KEY_COMMANDS: Mapping[str, Command] = {
    "→": "skip",
    "←": "back",
    "S": "sharp",
    "L": "spreading",
    "Y": "easing",
    "N": "not_easing",
    "U": "uncheck",
    "R": "range",
    "Enter": "close",
}
"""Cap -> the command that the key gives to the guide. Missing here: Space, whose cap is translated
(phrase "key_space"), and the keys that the page itself carries out."""

PAUSE: Command = "pause"

SHORTCUTS: Mapping[str, str] = {
    "Right": "→",
    "Left": "←",
    "F1": "H",
    **{key: key for key in ("P", "S", "L", "Y", "N", "U", "R", "M", "H", "F", "Esc")},
}
"""Qt's name of a key -> the cap that it stands for. Space and Return are missing: they press the
button that has the focus and reach the page only without one."""

OFFER_KEYS = ("U", "R")
"""Keys whose buttons exist only while the guide offers something."""

PAUSE_KEYS = (("←", "do_back"), ("→", "do_skip"), ("H", "do_help"))
"""Caps and phrases of the buttons that stay beside the answers while the user has paused."""


class SessionKeys:
    """The keys of one page.

    command  called with the command of a key that belongs to the guide
    actions  cap -> what the page does for a key of its own
    """

    def __init__(
        self,
        page: QWidget,
        phrases: Mapping[str, str],
        command: Callable[[Command], object],
        actions: Mapping[str, Callable[[], object]],
    ) -> None:
        self._commands = {**KEY_COMMANDS, phrases["key_space"]: PAUSE}
        self._command, self._actions = command, actions
        for qt_key, cap in SHORTCUTS.items():
            shortcut = QShortcut(QKeySequence(qt_key), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)  # a held key would skip one set after the other
            shortcut.activated.connect(lambda cap=cap: self.press(cap))

    def press(self, cap: str) -> None:
        """Do what a key, or the button with its cap, does."""
        if cap in self._commands:
            self._command(self._commands[cap])
        else:
            self._actions[cap]()

    def handle(self, event: QKeyEvent, focused: QAbstractButton | None) -> bool:
        """Handle a key that is no shortcut; False when it means nothing here. Space and Return
        come here only when no button has taken them. Return presses the `focused` button, which Qt
        does for Space alone."""
        key = event.key()
        if event.isAutoRepeat():
            return True
        if key == Qt.Key.Key_Space:
            self._command(PAUSE)
        elif key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        elif focused is not None:
            focused.click()
        else:
            self._command("close")
        return True


def button_layout(
    view: GuideView | None, options: Sequence[Option], muted: bool, phrases: Mapping[str, str]
) -> ButtonLayout:
    """The buttons for a view of the guide and the options of its scene. `view` is None before the
    first judged frame."""
    in_pain = view is not None and bool(view.pain.step)
    halted = view.halted if view is not None and not in_pain else ""
    choices = [ButtonSpec(option.key, option.words) for option in options]
    mute = ButtonSpec("M", phrases["do_unmute" if muted else "do_mute"])
    full_screen = ButtonSpec("F", phrases["do_full"])
    leave = ButtonSpec("Esc", phrases["do_leave"])
    paused = PAUSE_KEYS if halted == "person" else ()
    # In the pain flow M answers "mild", so there is no mute button.
    others = [leave] if in_pain else [
        *(ButtonSpec(key, phrases[words]) for key, words in paused), mute, full_screen, leave,
    ]  # fmt: skip
    # A lost camera asks nothing. Its one button, for pain, stays available but is not urged.
    answers = bool(choices) and (in_pain or halted not in ("", "camera"))
    return ButtonLayout(choices, others, _main(choices, answers, in_pain), big=answers)


def _main(choices: Sequence[ButtonSpec], answers: bool, in_pain: bool) -> str:
    """The cap of the likely choice. None of the three kinds of pain is the likely one."""
    if not choices:
        return ""
    offered = choices[0].key in OFFER_KEYS
    likely = answers and len(choices) + in_pain < 4
    return choices[0].key if offered or likely else ""
