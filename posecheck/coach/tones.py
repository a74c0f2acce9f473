"""Five short tones for who cannot look: the clock runs, it stopped, a repetition, not seen, done.

They differ in direction, number of notes, pitch and length, so that each is known without the
others. All pitches lie between 300 and 1500 Hz: small speakers give nothing below, and hearing
that is weak above 2000 Hz, the usual loss of age, misses nothing.
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
"""The most telling first. A session that ends because something hurts gets no fanfare."""

RATE = 22050
"""Samples a second: four times what the highest overtone needs."""


@dataclass(frozen=True, slots=True)
class Note:
    """pitch_hz 0.0 is a rest."""

    pitch_hz: float
    length_s: float


_REST = Note(0.0, 0.05)
"""Long enough that two equal notes are heard as two."""

EARCONS: Mapping[Tone, tuple[Note, ...]] = {
    # Up is on, down is off; a fifth is the smallest step that nobody takes for one pitch.
    "runs": (Note(440.0, 0.09), Note(659.3, 0.11)),
    "stopped": (Note(587.3, 0.11), Note(392.0, 0.17)),
    # Comes most often, so it is the shortest; high, to stand apart from all others.
    "rep": (Note(1046.5, 0.08),),
    # Three times the same low note: a knock, neither on nor off.
    "unseen": (Note(329.6, 0.08), _REST, Note(329.6, 0.08), _REST, Note(329.6, 0.08)),
    # A whole chord upwards: the only long one.
    "done": (Note(523.3, 0.08), Note(659.3, 0.08), Note(784.0, 0.08), Note(1046.5, 0.16)),
}

OVERTONES = (1.0, 0.25, 0.1)
"""Strengths of the note and its octave and twelfth: warmer than a sine, and heard through a small
speaker that hardly gives the note itself."""
ATTACK_S = 0.008
"""A shorter one clicks."""
RELEASE = 0.5
"""Share of a note in which it fades: struck, not switched."""
PEAK = 0.5
"""Of full scale for the loudest note: a voice that speaks at the same time is still understood."""


def tones(events: Iterable[Event]) -> tuple[Tone, ...]:
    """The tone of one frame, or none. Two at once could not be told apart: the most telling sounds.

    All are about the clock: "unseen" comes when it no longer runs for want of sight, not at the
    first frame without a person, and never in a set that is not checked. "done" is for a target
    that was reached.
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
    """The sound, mono, RATE samples a second; it begins and ends at 0."""
    wave = np.concatenate([_note(note) for note in EARCONS[tone]])
    return np.round(wave * 32767.0).astype(np.int16)


def _note(note: Note) -> NDArray[np.float64]:
    """From -PEAK to PEAK at most."""
    count = round(note.length_s * RATE)
    t = np.arange(count) / RATE
    if note.pitch_hz == 0.0:
        return np.zeros(count)
    parts = [
        strength * np.sin(2.0 * np.pi * note.pitch_hz * (index + 1) * t)
        for index, strength in enumerate(OVERTONES)
    ]
    wave = np.sum(parts, axis=0) / sum(OVERTONES)
    return np.asarray(PEAK * _gain(note.pitch_hz) * _envelope(count) * wave)


def _envelope(count: int) -> NDArray[np.float64]:
    """Half a cosine up, half a cosine down, 0 at both ends."""
    attack, release = round(ATTACK_S * RATE), round(RELEASE * count)
    shape = np.ones(count)
    shape[:attack] = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, attack))
    shape[-release:] = 0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, release))
    return shape


def _gain(pitch_hz: float) -> float:
    """Makes notes equally loud: the ear hears low ones less. 1.0 for the lowest."""
    return _a_weight(_LOWEST_HZ) / _a_weight(pitch_hz)


def _a_weight(f: float) -> float:
    """Sensitivity of the ear at a frequency, 1 at 1000 Hz, about (IEC 61672-1, curve A)."""
    f2 = f * f
    low = (f2 + 20.6**2) * math.sqrt((f2 + 107.7**2) * (f2 + 737.9**2))
    return 1.2589 * 12194.0**2 * f2 * f2 / (low * (f2 + 12194.0**2))


_LOWEST_HZ = min(n.pitch_hz for notes in EARCONS.values() for n in notes if n.pitch_hz)
