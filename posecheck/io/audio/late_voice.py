"""The voice of a session, which may be ready late and may fail without ending the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posecheck.coach.cues import Cue
from posecheck.coach.tones import Tone
from posecheck.io.audio.voice import Voice
from posecheck.io.output import OutputError


class LateVoice:
    """Queues cues and tones until the voice is ready.

    make       creates the voice, which takes seconds on some systems
    unwritten  why the transcript is incomplete; "" while it is complete
    """

    def __init__(self, make: Callable[[], Voice]) -> None:
        self._make = make
        self._voice: Voice | None = None
        self._cues: list[Cue] = []
        self._tones: list[Tone] = []
        self.unwritten = ""

    def come(self) -> None:
        """Create the voice."""
        self._voice = self._make()

    def say(self, t: float, cues: Sequence[Cue] = (), tones: Sequence[Tone] = ()) -> None:
        """Give new cues and tones at time t (seconds, increasing).

        Call it several times a second, also without anything new: a waiting line may begin.
        """
        self._cues += cues
        self._tones += tones
        if self._voice is None:
            return
        cues, self._cues = self._cues, []
        tones, self._tones = self._tones, []
        # Only the transcript raises, after the sound has begun: sound goes on without it.
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
        """Whether the sound is off."""
        return self._voice is not None and self._voice.muted

    def toggle(self) -> None:
        """Switch the sound off or on again."""
        if self._voice is not None:
            self._voice.muted = not self._voice.muted

    @property
    def caption(self) -> str:
        """What is said now, "" for nothing."""
        return "" if self._voice is None else self._voice.caption

    @property
    def missing(self) -> str:
        """Why nothing is spoken and what to install; "" while speech works or is switched off."""
        voice = self._voice
        return "" if voice is None or voice.talk == "off" else voice.problem

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences about a missing voice, missing tones and an incomplete transcript. A missing
        voice is no problem while speech is switched off."""
        found = [self.unwritten, self.missing]
        if self._voice is not None:
            found.append(self._voice.sound_problem)
        return tuple(problem for problem in found if problem)

    def close(self) -> None:
        """Stop all sound. May be called twice."""
        if self._voice is not None:
            self._voice.close()
