"""The tones, as an ear and a spectrum meter have them."""

from __future__ import annotations

from itertools import combinations, groupby
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from posecheck.coach.tones import SAMPLE_RATE, TONES, Tone, samples, tones
from posecheck.session.events import (
    Blinded,
    Event,
    Halted,
    RepCounted,
    SessionDone,
    SetAnnounced,
    SetDone,
    StateChanged,
)

by_tone = pytest.mark.parametrize("tone", TONES)


def sound(tone: Tone) -> NDArray[np.float64]:
    """-1 to 1."""
    return samples(tone).astype(float) / 32768.0


def spectrum(wave: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies and powers, by steps of 2 Hz at most."""
    count = max(len(wave), SAMPLE_RATE // 2)
    power = np.asarray(np.abs(np.fft.rfft(wave * np.hanning(len(wave)), count)) ** 2, np.float64)
    return np.asarray(np.fft.rfftfreq(count, 1.0 / SAMPLE_RATE), np.float64), power


def melody(tone: Tone) -> list[int]:
    """The pitches that follow each other, Hz to about 20, 0 between notes of the same pitch."""
    wave, width = sound(tone), round(0.03 * SAMPLE_RATE)
    heard = []
    for start in range(0, len(wave) - width, round(0.005 * SAMPLE_RATE)):
        piece = wave[start : start + width]
        frequencies, power = spectrum(piece)
        loud = np.max(np.abs(piece)) > 0.02
        heard.append(round(float(frequencies[np.argmax(power)]) / 20) * 20 if loud else 0)
    runs = [(pitch, len(list(group))) for pitch, group in groupby(heard)]
    return [pitch for pitch, lasted in runs if lasted >= 3]


def loudness_db(tone: Tone) -> float:
    """A-weighted, of the sounding part."""
    wave = sound(tone)
    wave = wave[np.abs(wave) > 0.0]
    f, power = spectrum(wave)
    f2 = np.maximum(f, 1.0) ** 2
    weight = f2**2 / ((f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)))
    return float(10.0 * np.log10(np.sum(power * weight**2) / len(wave)))


# --- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (StateChanged("ready", "active"), "runs"),
        (StateChanged("paused", "active"), "runs"),
        (StateChanged("active", "paused"), "stopped"),
        (StateChanged("active", "unseen"), "unseen"),
        (StateChanged("paused", "unseen"), "unseen"),
        (RepCounted(3), "rep"),
        (SetDone(0), "done"),
        (SetDone(0, "pain"), "stopped"),
        (SessionDone(), "done"),
        (Halted("person"), "stopped"),
        (Halted("camera"), "unseen"),
    ],
)
def test_a_tone_says_what_became_of_the_clock(event: Event, expected: Tone) -> None:
    """Runs, stopped, not seen, counted, done."""
    assert tones([event]) == (expected,)


@pytest.mark.parametrize(
    "event",
    [
        StateChanged("ready", "unseen"),
        StateChanged("unseen", "paused"),
        StateChanged("active", "done"),
        Blinded("nobody"),
        SetAnnounced(0),
    ],
)
def test_no_tone_when_the_clock_does_what_it_did(event: Event) -> None:
    """A clock that stood stands; its end has a tone of its own."""
    assert tones([event]) == ()


def test_one_tone_at_a_time() -> None:
    """The last repetition, the end of its set and that of the session are one tone."""
    assert tones([RepCounted(8), SetDone(2), SessionDone()]) == ("done",)
    assert tones([]) == ()


def test_no_fanfare_for_pain() -> None:
    """A session that ends because something hurts ends quietly."""
    assert tones([SetDone(2, "pain"), SessionDone()]) == ("stopped",)


# --- how they sound -----------------------------------------------------------------------------


def test_there_is_a_sound_for_every_tone() -> None:
    """All five, none twice."""
    assert sorted(TONES) == sorted(get_args(Tone))


@by_tone
def test_tones_are_short_and_never_clip(tone: Tone) -> None:
    """80 to 400 ms, audible, and with room for a voice over them."""
    assert 0.08 <= round(len(samples(tone)) / SAMPLE_RATE, 3) <= 0.4
    assert 0.15 <= np.max(np.abs(sound(tone))) <= 0.5


@by_tone
def test_nothing_clicks(tone: Tone) -> None:
    """From silence to silence, and nowhere a step steeper than the waves themselves."""
    wave = sound(tone)
    assert wave[0] == wave[-1] == 0.0
    assert np.max(np.abs(wave[: SAMPLE_RATE // 1000])) < 0.05 * np.max(np.abs(wave))
    assert np.max(np.abs(wave[-SAMPLE_RATE // 1000 :])) < 0.05 * np.max(np.abs(wave))
    frequencies, power = spectrum(wave)
    assert power[frequencies > 4000].sum() < 1e-4 * power.sum()


@by_tone
def test_tones_are_heard_without_the_high_frequencies(tone: Tone) -> None:
    """Nine tenths of the energy lies between 300 and 2000 Hz, for small speakers and older ears."""
    frequencies, power = spectrum(sound(tone))
    heard = (frequencies >= 300) & (frequencies <= 2000)
    assert power[heard].sum() > 0.9 * power.sum()
    assert all(pitch == 0 or 300 <= pitch <= 1500 for pitch in melody(tone))


def test_tones_are_equally_loud() -> None:
    """No tone startles: they differ by less than 2 dB(A)."""
    levels = [loudness_db(tone) for tone in TONES]
    assert max(levels) - min(levels) < 2.0


def test_melodies_differ_in_kind() -> None:
    """Up, down, one high note, one low note three times, four notes up."""
    assert melody("runs") == [440, 660]
    assert melody("stopped") == [580, 400]
    assert melody("rep") == [1040]
    assert melody("unseen") == [320, 0, 320, 0, 320]
    assert melody("done") == [520, 660, 780, 1040]


@pytest.mark.parametrize(("one", "other"), list(combinations(TONES, 2)))
def test_lengths_tell_any_two_apart(one: Tone, other: Tone) -> None:
    """No two take the same time: a help where pitch is not heard well."""
    assert abs(len(samples(one)) - len(samples(other))) >= 0.05 * SAMPLE_RATE
