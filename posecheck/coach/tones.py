"""Five short tones for a user who cannot look: running, stopped, a repetition, not seen, done.

They differ in direction, number of notes, pitch and length, so that each is recognised without
comparing it with the others. All pitches lie between 300 and 1500 Hz: small speakers give nothing
below, and hearing that has become weak above 2000 Hz, the usual loss with age, misses nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecheck.session.events import Event, Halted, RepCounted, SessionDone, SetDone, StateChanged

Tone = Literal["runs", "stopped", "rep", "unseen", "done"]

TONES: tuple[Tone, ...] = ("stopped", "done", "unseen", "runs", "rep")
"""The most important first. A session that ends because of a pain gets no fanfare."""

SAMPLE_RATE = 22050
"""Samples per second: seven times the frequency of the highest overtone, 3140 Hz."""


@dataclass(frozen=True, slots=True)
class ToneNote:
    """A note; with a pitch of 0.0 Hz a rest."""

    pitch_hz: float
    length_s: float


_REST = ToneNote(0.0, 0.05)
"""Long enough for two equal notes to be heard as two."""

EARCONS: Mapping[Tone, tuple[ToneNote, ...]] = {
    # Up is on, down is off; a fifth is the smallest step that is never taken for one pitch.
    "runs": (ToneNote(440.0, 0.09), ToneNote(659.3, 0.11)),
    "stopped": (ToneNote(587.3, 0.11), ToneNote(392.0, 0.17)),
    # The most frequent tone is the shortest; it is high, to stand apart from the others.
    "rep": (ToneNote(1046.5, 0.08),),
    # Three times the same low note: a knock, which means neither on nor off.
    "unseen": (ToneNote(329.6, 0.08), _REST, ToneNote(329.6, 0.08), _REST, ToneNote(329.6, 0.08)),
    # A whole chord upwards: the only long tone.
    "done": (
        ToneNote(523.3, 0.08),
        ToneNote(659.3, 0.08),
        ToneNote(784.0, 0.08),
        ToneNote(1046.5, 0.16),
    ),
}

OVERTONES = (1.0, 0.25, 0.1)
"""Strengths of the note, its octave and its twelfth: warmer than a sine, and audible through a
small speaker that hardly gives the note itself."""
ATTACK_S = 0.008
"""A shorter attack clicks."""
RELEASE = 0.5
"""Share of a note in which it fades, so that it sounds struck and not switched."""
PEAK = 0.5
"""Share of full scale of the loudest note: a voice that speaks at the same time is still
understood."""


def tones(events: Iterable[Event]) -> tuple[Tone, ...]:
    """The tone of one frame, or none. A listener cannot separate two tones at once, so only the
    most important one sounds.

    All tones are about the clock. "unseen" comes when the clock stops because the user cannot be
    seen, not at the first frame without a person, and never in a set that is not checked. "done" is
    for a target that was reached.
    """
    heard = {_tone(event) for event in events}
    return tuple(tone for tone in TONES if tone in heard)[:1]


def _tone(event: Event) -> Tone | None:
    match event:
        case SetDone(why="done") | SessionDone(why="done"):
            return "done"
        case SetDone() | SessionDone() | Halted(why="person"):
            return "stopped"
        case Halted(why="camera"):
            return "unseen"
        case RepCounted():
            return "rep"
        case StateChanged(now="active"):
            return "runs"
        case StateChanged(before="active", now="paused"):
            return "stopped"
        case StateChanged(before="active" | "paused", now="unseen"):
            return "unseen"
    return None


def samples(tone: Tone) -> NDArray[np.int16]:
    """The sound: int16 (n,), mono, SAMPLE_RATE samples per second; it begins and ends at 0."""
    wave = np.concatenate([_note(note) for note in EARCONS[tone]])
    return np.round(wave * 32767.0).astype(np.int16)


def _note(note: ToneNote) -> NDArray[np.float64]:
    """One note, float64 (n,), from -PEAK to PEAK at most."""
    count = round(note.length_s * SAMPLE_RATE)
    t = np.arange(count) / SAMPLE_RATE
    if note.pitch_hz == 0.0:
        return np.zeros(count)
    parts = [
        strength * np.sin(2.0 * np.pi * note.pitch_hz * (index + 1) * t)
        for index, strength in enumerate(OVERTONES)
    ]
    wave = np.sum(parts, axis=0) / sum(OVERTONES)
    return np.asarray(PEAK * _gain(note.pitch_hz) * _envelope(count) * wave)


def _envelope(count: int) -> NDArray[np.float64]:
    """Half a cosine up and half a cosine down, 0 at both ends; float64 (count,)."""
    attack, release = round(ATTACK_S * SAMPLE_RATE), round(RELEASE * count)
    shape = np.ones(count)
    shape[:attack] = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, attack))
    shape[-release:] = 0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, release))
    return shape


def _gain(pitch_hz: float) -> float:
    """Gain that makes notes equally loud: the ear hears low ones less. 1.0 for the lowest note."""
    return _a_weight(_LOWEST_HZ) / _a_weight(pitch_hz)


def _a_weight(f: float) -> float:
    """Sensitivity of the ear at f Hz, about 1 at 1000 Hz (IEC 61672-1, curve A)."""
    f2 = f * f
    low = (f2 + 20.6**2) * math.sqrt((f2 + 107.7**2) * (f2 + 737.9**2))
    return 1.2589 * 12194.0**2 * f2 * f2 / (low * (f2 + 12194.0**2))


_LOWEST_HZ = min(n.pitch_hz for notes in EARCONS.values() for n in notes if n.pitch_hz)
