"""What a session lets the user hear: cues and tones, from a voice that may arrive late."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from posecheck.coach.cues import Cue
from posecheck.coach.tones import Tone
from posecheck.io.audio.late_voice import LateVoice
from posecheck.io.audio.voice import Voice

VOICE_DELAY_MS = 50
"""Some systems need seconds to start their speech engine, so the page is shown first."""


class SessionSound(QObject):
    """The voice of one page. It outlives a session: the summary may still be spoken, and the same
    voice serves when the session is done again.

    make_voice  makes the voice. Not called when the page is closed before VOICE_DELAY_MS
    """

    def __init__(self, make_voice: Callable[[], Voice], page: QObject) -> None:
        super().__init__(page)
        self._voice = LateVoice(make_voice)
        self._began_s = time.perf_counter()
        self._closed = False
        delay = QTimer(self)
        delay.setSingleShot(True)
        delay.timeout.connect(self._make_voice)
        delay.start(VOICE_DELAY_MS)

    @property
    def t(self) -> float:
        """Seconds since the page was made. Unlike the time of the frames it never starts again from
        0, which a voice could not handle."""
        return time.perf_counter() - self._began_s

    def say(self, cues: Sequence[Cue] = (), tones: Sequence[Tone] = ()) -> None:
        """Queue what is new and speak what is due. Call it several times a second, with or without
        anything new: a line may be waiting for its turn."""
        self._voice.say(self.t, cues, tones)

    @property
    def muted(self) -> bool:
        """Whether the user has muted the voice."""
        return self._voice.muted

    def toggle_mute(self) -> None:
        self._voice.toggle()

    @property
    def caption(self) -> str:
        """What is said now, "" for nothing."""
        return self._voice.caption

    @property
    def missing(self) -> str:
        """Why nothing is spoken, and what to install; "" when speech works or is not wanted."""
        return self._voice.missing

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that keeps the session silent or its transcript incomplete."""
        return self._voice.problems

    @property
    def unwritten(self) -> str:
        """Why the transcript is incomplete; "" when it is complete."""
        return self._voice.unwritten

    def close(self) -> None:
        """Be silent for good. May be called twice."""
        self._closed = True
        self._voice.close()

    def _make_voice(self) -> None:
        if not self._closed:
            self._voice.come()
