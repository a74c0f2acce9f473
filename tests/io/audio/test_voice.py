"""The voice with Qt's mock engine and a real event loop, and its transcript."""

from __future__ import annotations

import sys
import wave
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from posecheck.coach.cues import Cue, CueKind
from posecheck.coach.tones import SAMPLE_RATE, TONES, samples
from posecheck.io.audio.transcript import Transcript
from posecheck.io.audio.voice import (
    MOCK,
    NO_SOUND,
    NO_VOICE,
    Sound,
    Voice,
    choose_locale,
    sound_of,
    write_tones,
)
from posecheck.io.output import OutputError
from posecheck.io.store.settings import Settings

pytestmark = pytest.mark.gui

GUIDE = "Plank. Hold it for thirty seconds and breathe."


def cue(voice: str, kind: CueKind) -> Cue:
    return Cue(voice, voice, kind)


@pytest.fixture
def transcript(tmp_path: Path) -> Iterator[Transcript]:
    with Transcript(tmp_path / "said.txt") as made:
        yield made


@pytest.fixture
def mock() -> str:
    """A voice with Qt's mock engine. QtTextToSpeech cannot be loaded without libpulse0."""
    pytest.importorskip("PySide6.QtTextToSpeech", exc_type=ImportError)
    return MOCK


@pytest.fixture
def voice(qtbot: QtBot, mock: str, transcript: Transcript) -> Iterator[Voice]:
    made = Voice("full", engine=mock, transcript=transcript)
    yield made
    made.close()


def said(tmp_path: Path) -> list[str]:
    return (tmp_path / "said.txt").read_text(encoding="utf-8").splitlines()


def test_a_cue_is_spoken_and_the_next_one_follows(
    voice: Voice, qtbot: QtBot, tmp_path: Path
) -> None:
    """A line waits until the engine reports the end of the one before."""
    voice.say(0.0, [cue("Ease in.", "guide"), cue("Lie down.", "instruct")])
    qtbot.waitUntil(lambda: voice.speaking)
    voice.tick(1.0)
    assert len(said(tmp_path)) == 1
    qtbot.waitUntil(lambda: not voice.speaking)
    voice.tick(2.0)
    qtbot.waitUntil(lambda: voice.speaking)
    assert said(tmp_path) == ['   0.0 s  says   "Ease in."', '   2.0 s  says   "Lie down."']


def test_pain_cuts_off_what_is_said(voice: Voice, qtbot: QtBot, tmp_path: Path) -> None:
    """The engine begins the new sentence in the middle of the other one."""
    voice.say(0.0, [cue(GUIDE, "guide")])
    qtbot.waitUntil(lambda: voice.speaking)
    voice.say(0.4, [cue("Ease out slowly.", "pain")])
    assert said(tmp_path)[-1] == '   0.4 s  says   "Ease out slowly."'
    qtbot.waitUntil(lambda: voice.speaking)
    voice.tick(1.0)
    qtbot.waitUntil(lambda: not voice.speaking)


def test_what_is_said_is_there_as_text(voice: Voice, qtbot: QtBot) -> None:
    """Word for word while it is said, and for as long while the voice is muted."""
    assert voice.caption == ""
    voice.say(0.0, [cue(GUIDE, "guide")])
    assert voice.caption == GUIDE
    qtbot.waitUntil(lambda: not voice.speaking, timeout=5000)
    voice.tick(60.0)
    assert voice.caption == ""
    voice.muted = True
    voice.say(61.0, [cue("Lie down.", "instruct")])
    voice.tick(61.2)
    assert voice.caption == "Lie down."
    voice.tick(63.0)
    assert voice.caption == ""


def test_muting_ends_the_sentence_at_once(voice: Voice, qtbot: QtBot, tmp_path: Path) -> None:
    """The sound is off; the transcript still records what would have been said."""
    voice.say(0.0, [cue(GUIDE * 5, "guide")])
    qtbot.waitUntil(lambda: voice.speaking)
    voice.muted = True
    qtbot.waitUntil(lambda: not voice.speaking, timeout=500)
    voice.say(5.0, [cue("Stop.", "stop")])
    voice.play(6.0, ["rep"])
    assert not voice.speaking
    assert said(tmp_path)[1:] == ['   5.0 s  muted  "Stop."', "   6.0 s  muted  rep"]


def test_speech_that_is_off_is_not_written_down(voice: Voice, tmp_path: Path) -> None:
    """The transcript holds what is chosen to be spoken; tones do not depend on that choice."""
    voice.talk = "off"
    voice.say(0.0, [cue("Stop.", "stop")])
    voice.play(12.34, ["rep", "done"])
    assert voice.talk == "off"
    assert not voice.speaking
    assert said(tmp_path) == ["  12.3 s  tone   rep", "  12.3 s  tone   done"]


def test_turning_speech_off_ends_the_sentence(voice: Voice, qtbot: QtBot) -> None:
    """The engine stops in the middle of it."""
    voice.say(0.0, [cue(GUIDE * 5, "guide")])
    qtbot.waitUntil(lambda: voice.speaking)
    voice.talk = "off"
    voice.tick(0.5)
    qtbot.waitUntil(lambda: not voice.speaking, timeout=500)


def test_volume_and_rate_are_those_of_the_settings(voice: Voice) -> None:
    """At first the system's own; a change applies to the engine and to every tone."""
    engine, effects = voice._speaker._engine, voice._chimes._effects
    assert engine is not None
    assert (engine.volume(), engine.rate()) == (1.0, 0.0)
    voice.set_sound(sound_of(Settings(voice_volume=0.4, voice_rate=-0.3, tone_volume=0.0)))
    assert (engine.volume(), engine.rate()) == pytest.approx((0.4, -0.3))
    assert {effect.volume() for effect in effects.values()} <= {0.0}


class Engine:
    """Stands in for speech-dispatcher, which can end and be started again. A new one has its own
    volume and rate, and the program ends when they are set without one."""

    class State(Enum):
        Ready, Speaking, Error = range(3)

    def __init__(self, real: Any) -> None:
        self.real, self.alive = real, True
        self.heard: list[tuple[object, ...]] = []
        self._now = self.State.Ready
        self.start()

    def start(self) -> None:
        self.alive, self.sound = True, [1.0, 0.0]

    def state(self) -> Enum:
        return self._now

    def say(self, text: str) -> None:
        self._now = self.State.Speaking if self.alive else self.State.Error
        if self.alive:
            self.heard.append((text, *self.sound))

    def setVolume(self, volume: float) -> None:
        assert self.alive
        self.sound[0] = volume

    def setRate(self, rate: float) -> None:
        assert self.alive
        self.sound[1] = rate

    def stop(self) -> None: ...

    def __getattr__(self, name: str) -> Any:
        assert self.alive
        return getattr(self.real, name)


def test_a_voice_that_comes_back_has_its_volume_again(
    voice: Voice,
) -> None:
    """speech-dispatcher has ended and was started again: the first sentence after that is as loud
    and as fast as the user wants it, also when they changed it in between."""
    engine: Any = Engine(voice._speaker._engine)
    voice._speaker._engine = engine
    voice.set_sound(Sound(voice=0.4, rate=0.3))
    engine.alive = False
    voice._speaker.say("Not heard.")
    assert voice.problem
    voice.set_sound(Sound(voice=0.7, rate=-0.3))
    engine.start()
    voice._speaker.say("Again.")
    assert engine.heard[-1] == ("Again.", 0.7, -0.3)
    assert voice.problem == ""


def test_a_voice_can_be_chosen_by_its_name(voice: Voice) -> None:
    """One that the computer no longer has gives way to the usual one."""
    engine = voice._speaker._engine
    assert engine is not None
    usual, *others = voice.names
    assert engine.voice().name() == usual
    voice.set_sound(Sound(name=others[0]))
    assert engine.voice().name() == others[0]
    voice.set_sound(Sound(name="gone"))
    assert engine.voice().name() == usual


def test_a_working_engine_is_no_problem(voice: Voice) -> None:
    """Nothing is reported while speech works."""
    assert voice.problem == ""
    assert not voice.muted


def test_without_an_engine_the_session_goes_on(
    qtbot: QtBot, transcript: Transcript, tmp_path: Path
) -> None:
    """One sentence says what to install; the transcript records what would be said and when."""
    voice = Voice("full", engine="none that exists", transcript=transcript)
    voice.say(0.0, [cue("Ease in.", "guide"), cue("Lie down.", "instruct")])
    voice.tick(0.5)
    voice.tick(1.5)
    voice.close()
    assert voice.problem == NO_VOICE.get(sys.platform, NO_VOICE["linux"])
    assert said(tmp_path) == ['   0.0 s  says   "Ease in."', '   1.5 s  says   "Lie down."']


def test_a_language_without_a_voice_is_reported(qtbot: QtBot, mock: str) -> None:
    """Another voice still reads the sentences."""
    voice = Voice("full", "xx", engine=mock)
    assert "'xx'" in voice.problem
    voice.say(0.0, [cue(GUIDE, "guide")])
    qtbot.waitUntil(lambda: voice.speaking)
    voice.close()


def test_tones_are_played_or_their_absence_is_reported(voice: Voice) -> None:
    """A computer without a sound output reports it; playing tones does no harm."""
    voice.play(0.0, TONES)
    assert voice.sound_problem in ("", NO_SOUND.get(sys.platform, NO_SOUND["linux"]))


def test_closing_twice_is_harmless(voice: Voice, qtbot: QtBot) -> None:
    """Cues given after `close` are silent."""
    voice.say(0.0, [cue(GUIDE, "guide")])
    voice.close()
    voice.close()
    voice.say(9.0, [cue("Stop.", "stop")])
    voice.play(9.0, ["rep"])
    assert not voice.speaking


@pytest.mark.parametrize(
    ("language", "own", "chosen"),
    [
        ("en", "en_GB", "en_GB"),
        ("en", "de_DE", "en_US"),
        ("de", "en_GB", "de_AT"),
        ("nb", "en_GB", None),
    ],
)
def test_the_voice_is_of_the_language_of_the_cues(
    language: str, own: str, chosen: str | None
) -> None:
    """The system's own variety if it is of the language, else the usual one, else any."""
    assert choose_locale(["en_US", "en_GB", "de_CH", "de_AT"], language, own) == chosen


def test_tones_are_written_as_they_are_made(tmp_path: Path) -> None:
    """Sound files hold the samples in mono at their rate."""
    for tone, path in write_tones(tmp_path).items():
        with wave.open(str(path), "rb") as file:
            assert (file.getnchannels(), file.getframerate()) == (1, SAMPLE_RATE)
            heard = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert np.array_equal(heard, samples(tone))


def test_a_transcript_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """The message names a path that is a folder."""
    with pytest.raises(OutputError, match="cannot be written"):
        Transcript(tmp_path)


def test_a_full_disk_is_noticed_at_the_line_that_does_not_fit() -> None:
    """A transcript is written line by line, not at the end."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("only Linux has a device that is always full")
    made = Transcript(full)
    with pytest.raises(OutputError, match="no space left"):
        made.say(1.0, "Ease in.")
    with pytest.raises(OutputError):
        made.close()
