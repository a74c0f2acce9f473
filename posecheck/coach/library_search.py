"""Finds exercises by what people type, and by what they want to do and have.

The window and the command line use the same search. A typed word matches the beginning of a word of
an exercise: of its name, its aliases, and the everyday words for its areas, its position, its
equipment and its group. So "chin" does not find "marching". All typed words must match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Literal

from posecheck.exercise import AREAS, GROUPS, POSITIONS, THINGS, Exercise
from posecheck.session.safety import own_step, step_s

ASPECTS: Mapping[str, tuple[str, ...]] = {
    "area": AREAS,
    "position": POSITIONS,
    "equipment": THINGS,
    "group": GROUPS,
}
"""What everyday words can name, and its values."""
SIMILAR = 0.75
"""Similarity (`difflib` ratio) from which a word that matches nothing counts as a slip of the keys:
"hamsting" reads 0.94 of "hamstring", "neck" 0.5 of "deck"."""
LEAST_SLIP = 4
"""Letters from which a word may be a slip; shorter ones are like too many others."""
PREFIX_PHRASES: Mapping[str, str] = {
    "area": "ui_area_",
    "position": "ui_position_",
    "equipment": "ui_plan_",
    "group": "ui_group_",
}
"""Aspect -> the beginning of the keys of its words on the screen."""


@dataclass(frozen=True, slots=True)
class SearchWords:
    """The everyday words of a language.

    ignored  words that say nothing about which exercise is meant
    names    aspect of ASPECTS -> value -> its words
    """

    ignored: frozenset[str] = frozenset()
    names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


Place = Literal["standing", "chair", "floor"]
PLACES: tuple[Place, ...] = ("standing", "chair", "floor")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user wants to see; None and False do not restrict.

    area       of AREAS
    place      where it is done
    most_s     maximum planned seconds at the dose of the exercise, both sides included
    equipment  what there is; an exercise that needs more is left out
    tags       the user's contraindications: what they exclude is left out
    among      only these ids, such as the favourites
    """

    area: str | None = None
    place: Place | None = None
    most_s: float | None = None
    equipment: frozenset[str] | None = None
    tags: frozenset[str] = frozenset()
    among: frozenset[str] | None = None

    def admit(self, exercise: Exercise, needed: frozenset[str]) -> bool:
        """Whether an exercise that needs this equipment is to be seen."""
        return (
            (self.area is None or self.area in exercise.areas)
            and (self.place is None or self.place == place_of(exercise))
            and (self.most_s is None or seconds_of(exercise) <= self.most_s)
            and (self.equipment is None or needed <= self.equipment)
            and not self.tags & set(exercise.contraindications)
            and (self.among is None or exercise.id in self.among)
        )


def place_of(exercise: Exercise) -> Place:
    """Where an exercise is done."""
    return exercise.position if exercise.position in ("standing", "chair") else "floor"  # type: ignore[return-value]


def seconds_of(exercise: Exercise) -> float:
    """Planned seconds of an exercise at its own dose, both sides included."""
    return step_s(own_step(exercise), exercise)


class LibrarySearch:
    """The exercises with the words that find them.

    phrases    of the language of the exercises
    words      everyday words of that language
    equipment  id of an exercise -> what it needs
    """

    def __init__(
        self,
        exercises: Iterable[Exercise],
        phrases: Mapping[str, str],
        words: SearchWords,
        equipment: Mapping[str, frozenset[str]],
    ) -> None:
        self._ignored = {word for each in words.ignored for word in split(each)}
        self._equipment = equipment
        self._exercises = tuple(exercises)
        self._words: dict[str, frozenset[str]] = {}
        self._names: dict[str, frozenset[str]] = {}
        for exercise in self._exercises:
            texts = [exercise.name, exercise.id.replace("_", " "), *exercise.aliases]
            self._names[exercise.id] = frozenset(word for text in texts for word in split(text))
            for aspect, value in self._aspects(exercise):
                key = f"{PREFIX_PHRASES[aspect]}{value.replace('-', '_')}"
                texts += [phrases.get(key, ""), *words.names.get(aspect, {}).get(value, ())]
            found = {word for text in texts for word in split(text)}
            self._words[exercise.id] = frozenset(found)
        self._known = sorted(frozenset[str]().union(*self._words.values()))

    def find(self, text: str, filters: Filters | None = None) -> tuple[Exercise, ...]:
        """The exercises that match all typed words and the filters, in the order of the library.
        An empty text matches all."""
        wanted = self._wanted(text)
        chosen = filters or Filters()
        return tuple(
            each
            for each in self._exercises
            if chosen.admit(each, self._equipment.get(each.id, frozenset()))
            and all(_begins(self._words[each.id], word) for word in wanted)
        )

    def best(self, text: str, found: Sequence[Exercise]) -> Exercise | None:
        """Of the exercises that were found, the first one that is called so, else the first."""
        wanted = self._wanted(text)
        called = (e for e in found if all(_begins(self._names[e.id], word) for word in wanted))
        return next(called, found[0] if found else None)

    def _wanted(self, text: str) -> list[str]:
        """The typed words that say something, without slips."""
        return [self._meant(word) for word in split(text) if word not in self._ignored]

    def _aspects(self, exercise: Exercise) -> Iterable[tuple[str, str]]:
        yield from (("area", area) for area in exercise.areas)
        yield "position", exercise.position
        yield from (("equipment", each) for each in self._equipment.get(exercise.id, ()))
        yield "group", exercise.group

    def _meant(self, word: str) -> str:
        """The word, or the known one that it is a slip of."""
        if len(word) < LEAST_SLIP or _begins(self._known, word):
            return word
        near = get_close_matches(word, self._known, 1, SIMILAR)
        return near[0] if near else word


def _begins(words: Iterable[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in words)


@cache
def split(text: str) -> tuple[str, ...]:
    """The words of a text without capitals, accents and apostrophes: "Child's" is "childs"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return tuple(re.findall(r"\w+", re.sub(r"['’]", "", plain)))
