"""Cues: what the coach says and shows, how long that takes to say, and the words for it.

`Phrasebook.cue` is the one place that turns a phrase of a language file into a `Cue`. Corrections
and instructions carry the words of their exercise and are built from them directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.exercise import Exercise

CueKind = Literal[
    "stop", "correction", "hint", "praise", "count", "sight", "guide", "halt", "instruct", "offer",
    "pain",
]  # fmt: skip
"""What a cue is for.

stop, correction  a rule is broken; a stop rule is about safety
hint              an easier way, a reminder to breathe
praise, count     a followed correction; seconds left, repetitions
sight             what cannot be seen or judged, and where to be instead
guide             what comes next and what has ended
halt              the session stands still, or goes on
instruct          how the exercise is done
offer             a choice
pain              the answer to a pain; it is spoken before everything else
"""

PAUSE_S, WORD_S, LETTER_S = 0.3, 0.4, 0.062
"""Length of a spoken line: a pause, and this much for each word, or for each letter where the words
are long. 0.4 s a word is 150 words a
minute, the slow end of ordinary voices: eSpeak NG at its default rate takes 0.6 s for one word,
1.3 s for three and 3.1 s for nine, where this estimate gives 0.7, 1.5 and 3.9 s. The estimate is
long on purpose. A line that is started while the one before it is still spoken is lost, and a line
that is started late costs only half a second.

German and Spanish words are longer. By words alone the estimate of 5 of 164 of their lines was up
to 0.3 s short of what eSpeak NG takes; with 0.062 s a letter, where it takes 0.060 s on average,
one is short, by 0.02 s."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to say now.

    text   for the screen
    voice  to be spoken
    rule   the id of the rule that the cue corrects, "" for other cues
    """

    text: str
    voice: str
    kind: CueKind
    rule: str = ""

    @property
    def urgent(self) -> bool:
        """Whether the cue may cut off what is being spoken."""
        return self.kind in ("stop", "pain")


class Phrasebook:
    """The phrases of one language, as texts and as cues.

    phrases  a value for every key of `phrases.PHRASES`
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._phrases = phrases

    def __getitem__(self, key: str) -> str:
        return self._phrases[key]

    def cue(self, key: str, kind: CueKind, **words: object) -> Cue:
        """A phrase with its spoken form, `key`_say. A form leaves out the words that it has no
        place for."""
        text = self._phrases[key].format(**words)
        spoken = self._phrases[f"{key}_say"].format(**{"shown": text, **words})
        return Cue(text, " ".join(spoken.split()), kind)

    def part(self, name: str) -> str:
        """The word for a body part; its own name where the language has none."""
        return self._phrases.get(f"part_{name}", name)

    def position(self, exercise: Exercise, kind: CueKind) -> Cue:
        """How to get into the start position of an exercise: "Lie on your back"."""
        return self.cue(f"into_{exercise.position.replace('-', '_')}", kind)


def spoken_s(text: str) -> float:
    """Estimated time to say a text, seconds; 0.0 for an empty one."""
    words = len(text.split())
    return PAUSE_S + max(WORD_S * words, LETTER_S * len(text)) if words else 0.0
