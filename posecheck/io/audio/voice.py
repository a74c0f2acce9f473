"""Speech and tones through Qt, for the thread of the window only.

The engines are the system's own and speak on this computer: SAPI and WinRT on Windows, Apple's on
macOS, speech-dispatcher (a local socket) on Linux. No sentence goes to a network. A missing engine
is reported as a sentence, and everything else works without it.
"""

from __future__ import annotations

import sys
import time
import wave
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posecheck.coach.cues import Cue
from posecheck.coach.speech_queue import Speech, SpokenLine, Talk
from posecheck.coach.tones import SAMPLE_RATE, TONES, Tone, samples
from posecheck.io.audio.transcript import Transcript
from posecheck.io.system_libraries import install_words

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect
    from PySide6.QtTextToSpeech import QTextToSpeech, QVoice

    from posecheck.io.store.settings import Settings


@dataclass(frozen=True, slots=True)
class Sound:
    """How loud and how fast. Volume and rate of the voice are relative to the system's settings,
    where users set them for all programs.

    voice  volume of the voice, 0.0 to 1.0
    rate   rate of speech, -1.0 (slow) to 1.0
    tones  volume of the tones, 0.0 to 1.0
    name   of a voice of the language, as the engine lists it; "" for the usual one. Where the
           engine has no such voice, the usual one speaks
    """

    voice: float = 1.0
    rate: float = 0.0
    tones: float = 1.0
    name: str = ""


def sound_of(settings: Settings) -> Sound:
    """How loud and how fast the user wants it."""
    return Sound(
        settings.voice_volume, settings.voice_rate, settings.tone_volume, settings.voice_name
    )


ENGINE_RETRY_S = 30.0
"""Seconds between two attempts with an engine that does not answer: each attempt tries to start it
and blocks the window."""

MOCK = "mock"
"""Qt's engine without sound; used only when it is asked for by name."""

PLAIN_VOICES: Mapping[str, tuple[str, ...]] = {
    "en_US": ("English (America)",),
    "en_GB": ("English (Great Britain)",),
}
"""Preferred voices. eSpeak NG sorts its voices by name, so Qt's first for en_US is Caribbean."""

NO_VOICE: Mapping[str, str] = {
    "linux": (
        "Nothing can be spoken: speech-dispatcher does not answer. To install it, type in a "
        "terminal: "
        + install_words(
            "libpulse0 libspeechd2 speech-dispatcher speech-dispatcher-espeak-ng",
            "pulseaudio-libs speech-dispatcher speech-dispatcher-espeak-ng",
        )
        + "."
    ),
    "win32": (
        "Nothing can be spoken: Windows offers no voice. Add one under Settings > Time & language "
        "> Speech; an N edition of Windows also needs the Media Feature Pack."
    ),
    "darwin": (
        "Nothing can be spoken: macOS offers no voice. Choose one in System Settings > "
        "Accessibility > Spoken Content > System voice."
    ),
}
NO_SOUND: Mapping[str, str] = {
    "linux": (
        "There are no tones: no sound output was found. Connect a speaker or a headset. If there "
        "is one, type in a terminal: " + install_words("libpulse0", "pulseaudio-libs") + "."
    ),
    "win32": (
        "There are no tones: no sound output was found. Connect a speaker or a headset; an N "
        "edition of Windows also needs the Media Feature Pack."
    ),
    "darwin": "There are no tones: no sound output was found. Connect a speaker or a headset.",
}
NO_FOLDER = "There are no tones: their temporary files cannot be written: {reason}."
OTHER_LANGUAGE = (
    "No voice for the language '{language}' is installed, so another reads its sentences. Install "
    "one in the settings of your system."
)


def choose_locale(available: Sequence[str], language: str, own: str) -> str | None:
    """The name of the locale to speak a language in, such as "en_GB"; None when there is none.

    available  names of the locales that an engine offers
    language   code of the language, such as "en"
    own        the system's locale; preferred if it is of the language, then Qt's default locale of
               the language, then the first available one
    """
    from PySide6.QtCore import QLocale

    fitting = sorted(name for name in available if name.partition("_")[0] == language)
    for name in (own, QLocale(language).name()):
        if name in fitting:
            return name
    return fitting[0] if fitting else None


def write_tones(folder: Path) -> dict[Tone, Path]:
    """Write a WAV file for each tone; its path."""
    paths = {tone: folder / f"{tone}.wav" for tone in TONES}
    for tone, path in paths.items():
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(samples(tone).astype("<i2").tobytes())
    return paths


class Voice:
    """Speaks cues, one at a time and only while they are fresh, and plays tones.

    talk        how much is spoken; may be changed at any time. Tones do not depend on it
    language    code of the language that the cues are in
    engine      a name of QTextToSpeech.availableEngines(); None for the system's default
    transcript  records what is said and played; `close` leaves it open
    sound       how loud and how fast; `set_sound` changes it

    Needs a Qt application with a running event loop. Construction takes 2 s with speech-dispatcher,
    which lists its voices, and 5 s when the service must start first: construct it before the
    session. Never raises for a missing engine or library; `say`, `tick` and `play` raise
    OutputError when the transcript cannot be written, after the sound has begun.
    """

    def __init__(
        self,
        talk: Talk,
        language: str = "en",
        *,
        engine: str | None = None,
        transcript: Transcript | None = None,
        sound: Sound | None = None,
    ) -> None:
        self._speech = Speech(talk)
        self._speaker = _Speaker(language, engine)
        self._chimes = _Chimes()
        self.set_sound(sound or Sound())
        self._transcript = transcript
        self._muted = False

    @property
    def talk(self) -> Talk:
        return self._speech.talk

    @talk.setter
    def talk(self, talk: Talk) -> None:
        self._speech.talk = talk

    def set_sound(self, sound: Sound) -> None:
        """Change volume and rate, from the next sentence and tone on."""
        self._speaker.set_sound(sound)
        self._chimes.set_volume(sound.tones)

    @property
    def muted(self) -> bool:
        """Whether all sound is off, tones included. Setting it stops the current sentence."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        if muted:
            self._speaker.stop()
            self._chimes.stop()

    @property
    def problem(self) -> str:
        """Why nothing is spoken and what to do about it; "" while speech works."""
        return self._speaker.problem

    @property
    def sound_problem(self) -> str:
        """Why there are no tones and what to do about it; "" while they work."""
        return self._chimes.problem

    @property
    def speaking(self) -> bool:
        """Whether the engine is speaking now."""
        return bool(self._speaker.speaking)

    @property
    def caption(self) -> str:
        """What is said now, as text: also while the voice is muted or missing, for as long as it
        would take. "" between two lines."""
        return self._speech.now

    @property
    def names(self) -> tuple[str, ...]:
        """The voices of the language that the engine offers, in its order; none without one."""
        return self._speaker.names

    def say(self, t: float, cues: Iterable[Cue]) -> None:
        """Give the cues of time t (seconds of the session, increasing)."""
        lines = [SpokenLine(cue.voice, cue.kind) for cue in cues]
        action = self._speech.update(t, lines, None if self._muted else self._speaker.speaking)
        if action.stop:
            self._speaker.stop()
        if action.begin is None:
            return
        if not self._muted:
            self._speaker.say(action.begin.text)
        if self._transcript is not None:  # last: it may raise
            self._transcript.say(t, action.begin.text, self._muted)

    def tick(self, t: float) -> None:
        """Let a waiting line begin. Call it several times a second, also without new frames."""
        self.say(t, ())

    def play(self, t: float, tones: Iterable[Tone]) -> None:
        """Play tones now; `t` (seconds) is for the transcript."""
        for tone in tones:
            if not self._muted:
                self._chimes.play(tone)
            if self._transcript is not None:
                self._transcript.tone(t, tone, self._muted)

    def close(self) -> None:
        """Stop all sound and release the engine. May be called twice."""
        self._speaker.close()
        self._chimes.close()


class _Speaker:
    """One QTextToSpeech, or none.

    Without a connection to speech-dispatcher Qt's engine ends the program when a voice, a volume or
    a rate is set. So they are set when it has one: at the start, and after each recovery, because
    an engine that has been started again begins with its own.
    """

    def __init__(self, language: str, engine: str | None) -> None:
        self._language = language
        self._sound = Sound()
        self._usual: QVoice | None = None
        self._missing = NO_VOICE.get(sys.platform, NO_VOICE["linux"])
        self._other = ""
        self._retry_at = 0.0
        self._engine: QTextToSpeech | None = None
        try:
            from PySide6.QtTextToSpeech import QTextToSpeech
        except ImportError:  # a system library that it needs is not installed
            return
        engines = QTextToSpeech.availableEngines()
        if engine is None and set(engines) - {MOCK}:
            self._engine = QTextToSpeech()  # Qt's choice among the real ones
        elif engine in engines:
            self._engine = QTextToSpeech(engine)
        self._prepared = False
        self._prepare()

    @property
    def problem(self) -> str:
        return self._missing if self._broken else self._other

    @property
    def speaking(self) -> bool | None:
        """None when there is no engine to ask."""
        if self._engine is None or self._broken:
            return None
        return self._engine.state() == self._engine.State.Speaking

    def say(self, text: str) -> None:
        """Speak. A broken engine is tried again from time to time: it may have recovered."""
        if self._engine is None:
            return
        if self._broken:
            if time.monotonic() < self._retry_at:
                return
            self._retry_at = time.monotonic() + ENGINE_RETRY_S
            self._prepared = False
        self._engine.say(text)
        if not self._prepared and not self._broken:
            self._prepare()  # which stops the sentence
            self._engine.say(text)

    def set_sound(self, sound: Sound) -> None:
        self._sound = sound
        self._apply()

    @property
    def names(self) -> tuple[str, ...]:
        if self._engine is None or self._broken:
            return ()
        return tuple(dict.fromkeys(voice.name() for voice in self._engine.availableVoices()))

    def stop(self) -> None:
        if self._engine is not None:
            self._engine.stop()

    def close(self) -> None:
        self.stop()
        self._engine = None

    @property
    def _broken(self) -> bool:
        """Without speech-dispatcher an engine can be created, but its state is Error."""
        return self._engine is None or self._engine.state() == self._engine.State.Error

    def _prepare(self) -> None:
        """Set the language, the voice, volume and rate, if the engine is connected."""
        if self._engine is not None and not self._broken:
            self._prepared = True
            self._choose_locale(self._engine, self._language)
            self._apply()

    def _apply(self) -> None:
        """Set voice, volume and rate, if the engine is connected. Setting a voice stops the
        sentence that is spoken, so it is set only when it is another one."""
        engine, wanted = self._engine, self._sound
        if engine is None or self._broken:
            return
        named = [each for each in engine.availableVoices() if each.name() == wanted.name]
        voice = named[0] if named else self._usual
        if voice is not None and voice != engine.voice():
            engine.setVoice(voice)
        engine.setRate(wanted.rate)
        engine.setVolume(wanted.voice)

    def _choose_locale(self, engine: QTextToSpeech, language: str) -> None:
        from PySide6.QtCore import QLocale

        available = [locale.name() for locale in engine.availableLocales()]
        name = choose_locale(available, language, QLocale.system().name())
        if name is None:
            self._other = OTHER_LANGUAGE.format(language=language)
            return
        engine.setLocale(QLocale(name))
        plain = PLAIN_VOICES.get(name, ())
        voices = [voice for voice in engine.availableVoices() if voice.name() in plain]
        self._usual = voices[0] if voices else engine.voice()


class _Chimes:
    """One QSoundEffect for every tone, or none."""

    def __init__(self) -> None:
        self.problem = NO_SOUND.get(sys.platform, NO_SOUND["linux"])
        self._effects: dict[Tone, QSoundEffect] = {}
        try:
            from PySide6.QtMultimedia import QMediaDevices, QSoundEffect
        except ImportError:  # a system library that it needs is not installed
            return
        if QMediaDevices.defaultAudioOutput().isNull():
            return
        from PySide6.QtCore import QTemporaryDir, QUrl

        self._folder = QTemporaryDir()  # deleted together with this object
        if not self._folder.isValid():
            self.problem = NO_FOLDER.format(reason=self._folder.errorString().lower())
            return
        try:
            paths = write_tones(Path(self._folder.path()))
        except OSError as error:
            self.problem = NO_FOLDER.format(reason=(error.strerror or str(error)).lower())
            return
        for tone, path in paths.items():
            self._effects[tone] = effect = QSoundEffect()
            effect.setSource(QUrl.fromLocalFile(str(path)))
        self.problem = ""

    def set_volume(self, volume: float) -> None:
        for effect in self._effects.values():
            effect.setVolume(volume)

    def play(self, tone: Tone) -> None:
        if tone in self._effects:
            self._effects[tone].play()

    def stop(self) -> None:
        for effect in self._effects.values():
            effect.stop()

    def close(self) -> None:
        self.stop()
        self._effects.clear()
