"""A voice for single sentences, such as those of the desk and the sample of the settings."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from posecheck.coach.cues import Cue
from posecheck.io.audio.voice import Sound, Voice

WAITING_S, TICK_MS = 20.0, 200
"""A sentence that waits for another one begins within WAITING_S; it is tried every TICK_MS."""


class SentenceVoice(QObject):
    """Speaks single sentences. The engine starts with the first: most hours at a desk need none.

    language  code of the language that the sentences are in, such as "en"
    sound     tells, before each sentence, how loud and how fast it is to be spoken
    """

    def __init__(self, language: str, sound: Callable[[], Sound]) -> None:
        super().__init__()
        self._language, self._sound = language, sound
        self._voice: Voice | None = None
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    def speak(self, text: str) -> bool:
        """Speak a sentence; whether there is a voice. The first one takes seconds to begin."""
        voice = self._begin()
        voice.set_sound(self._sound())
        now = time.perf_counter()
        voice.say(now, (Cue(text, text, "guide"),))
        self._until = now + WAITING_S
        self._timer.start(TICK_MS)
        return not voice.problem

    def names(self) -> tuple[str, ...]:
        """The voices of the language on this computer. The first call takes seconds."""
        return self._begin().names

    def close(self) -> None:
        """Stop speaking and release the engine. May be called twice."""
        self._timer.stop()
        if self._voice is not None:
            self._voice.close()
            self._voice = None

    def _begin(self) -> Voice:
        if self._voice is None:
            self._voice = Voice("full", self._language)
        return self._voice

    def _go_on(self) -> None:
        now = time.perf_counter()
        if self._voice is not None:
            self._voice.tick(now)
        if now >= self._until:
            self._timer.stop()
