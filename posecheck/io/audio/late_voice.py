"""The voice of a session, which may come late and may fail without ending anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posecheck.coach.cues import Cue
from posecheck.coach.tones import Tone
from posecheck.io.audio.voice import Voice
from posecheck.io.output import OutputError


class LateVoice:
    """What was to be said before the voice was there is said when it comes.

    make       makes the voice; with some systems that takes seconds
    unwritten  why the transcript is not whole, "" while it is
    """

    def __init__(self, make: Callable[[], Voice]) -> None:
        self._make = make
        self._voice: Voice | None = None
        self._cues: list[Cue] = []
        self._tones: list[Tone] = []
        self.unwritten = ""

    def come(self) -> None:
        """Make it."""
        self._voice = self._make()

    def say(self, t: float, cues: Sequence[Cue] = (), tones: Sequence[Tone] = ()) -> None:
        """Hand over what is new at time t (seconds, increasing). Call it several times a second,
        with something new or not: a line that waits may begin."""
        self._cues += cues
        self._tones += tones
        if self._voice is None:
            return
        cues, self._cues = self._cues, []
        tones, self._tones = self._tones, []
        # Of the transcript alone, after the sound has begun: what is heard goes on.
        try:
            self._voice.say(t, cues)
        except OutputError as error:
            self.unwritten = str(error)
        try:
            self._voice.play(t, tones)
        except OutputError as error:
            self.unwritten = str(error)

    @property
    def muted(self) -> bool:
        """Whether nothing is heard."""
        return self._voice is not None and self._voice.muted

    def toggle(self) -> None:
        """Mute it, or let it be heard again."""
        if self._voice is not None:
            self._voice.muted = not self._voice.muted

    @property
    def missing(self) -> str:
        """Why nothing is spoken, and what to install; "" while it is, and for who wants nothing
        spoken."""
        voice = self._voice
        return "" if voice is None or voice.talk == "off" else voice.problem

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps it silent, and the transcript short. Who wants nothing spoken misses no
        voice."""
        told = [self.unwritten, self.missing]
        if self._voice is not None:
            told.append(self._voice.sound_problem)
        return tuple(problem for problem in told if problem)

    def close(self) -> None:
        """Silence. May be called twice."""
        if self._voice is not None:
            self._voice.close()
