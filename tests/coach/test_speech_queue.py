"""What is spoken when, as timelines with a voice that takes its time."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.coach.cues import CueKind, spoken_s
from posecheck.coach.speech_queue import (
    CUTS,
    IMPORTANCE,
    LEAST_TALK,
    SHELF_S,
    Speech,
    SpokenLine,
    Talk,
    spoken,
)

KINDS: tuple[CueKind, ...] = get_args(CueKind)
STEP = 0.05
LATENCY_S = 0.04
"""Until the engine says that it speaks; while that lasts it says what it said before."""


def line(kind: CueKind, words: int = 8, name: str = "") -> SpokenLine:
    return SpokenLine(" ".join([name or kind] + ["word"] * (words - 1)), kind)


class Room:
    """A Speech and a voice, and what a person hears.

    begun  when each line began, and its first word
    said   when each line began, and all of its words except "word"
    cut    the first words of lines that were cut off
    """

    def __init__(self, talk: Talk = "full", *, dead: bool = False, hangs: bool = False) -> None:
        self.speech = Speech(talk)
        self.t = 0.0
        self.begun: list[tuple[float, str]] = []
        self.said: list[tuple[float, list[str]]] = []
        self.cut: list[str] = []
        self._dead, self._hangs = dead, hangs
        self._begun_t = self._end_t = float("-inf")
        self._was = False

    def play(self, seconds: float, *lines: SpokenLine) -> list[str]:
        """The first words of the lines that begin in a span; new lines come at its beginning."""
        before = len(self.begun)
        for _ in range(round(seconds / STEP)):
            action = self.speech.update(self.t, lines, self._speaking())
            if action.stop:
                self.cut.append(self.begun[-1][1])
                self._was, self._end_t = self._speaking(), self.t
            if action.begin is not None:
                self.begun.append((round(self.t, 2), action.begin.text.split()[0]))
                names = [word for word in action.begin.text.split() if word != "word"]
                self.said.append((self.t, names))
                self._was, self._begun_t = self._speaking(), self.t
                self._end_t = self.t + LATENCY_S + spoken_s(action.begin.text)
            lines = ()
            self.t += STEP
        return [word for _, word in self.begun[before:]]

    def _speaking(self) -> bool:
        if self._dead:
            return False
        if self.t - self._begun_t < LATENCY_S:
            return self._was
        return self._hangs or self.t < self._end_t


# --- what is spoken at all ----------------------------------------------------------------------


@pytest.mark.parametrize("table", [LEAST_TALK, IMPORTANCE, SHELF_S, CUTS])
def test_every_kind_is_in_every_table(table: dict[CueKind, object]) -> None:
    """A new kind of cue is given its place everywhere."""
    assert set(table) == set(KINDS)


@pytest.mark.parametrize(
    ("talk", "silent"),
    [
        ("off", set(KINDS)),
        ("quiet", {"instruct", "offer", "praise", "count", "hint"}),
        ("normal", {"hint"}),
        ("full", set()),
    ],
)
def test_less_talk_leaves_out_what_is_needed_least(talk: Talk, silent: set[CueKind]) -> None:
    """Safety, corrections, sight and announcements are spoken unless speech is off."""
    assert {kind for kind in KINDS if not spoken(kind, talk)} == silent
    for kind in KINDS:
        assert Room(talk).play(1.0, line(kind)) == ([] if kind in silent else [kind])


def test_turning_speech_off_ends_the_sentence_and_forgets_the_next() -> None:
    """A user who asks for silence has it at once."""
    room = Room()
    room.play(1.0, line("guide"), line("instruct"))
    room.speech.talk = "off"
    assert room.play(10.0) == []
    assert room.cut == ["guide"]


# --- one after another --------------------------------------------------------------------------


@pytest.mark.parametrize("new", KINDS)
@pytest.mark.parametrize("old", KINDS)
def test_a_line_is_cut_off_only_by_what_may(old: CueKind, new: CueKind) -> None:
    """The table decides, for every pair of kinds, whether a sentence is ended."""
    room = Room()
    room.play(1.0, line(old, name="first"))
    at_once = room.play(0.1, line(new, name="second"))
    may = old in CUTS[new]
    assert room.cut == (["first"] if may else [])
    assert at_once == (["second"] if may else [])


@pytest.mark.parametrize("old", KINDS)
def test_pain_is_answered_at_once(old: CueKind) -> None:
    """Whatever is being said, nothing is said before the answer to a pain, and nothing after it."""
    room = Room()
    room.play(1.0, line(old, name="old"), line("guide", name="next"))
    assert room.play(10.0, line("pain")) == ["pain"]
    assert room.begun[-1][0] == 1.0


def test_a_correction_lets_an_instruction_end() -> None:
    """It follows the sentence without a gap if that is short."""
    room = Room()
    room.play(1.0, line("instruct", 6))
    assert room.play(4.0, line("correction")) == ["correction"]
    assert room.begun[-1][0] == pytest.approx(spoken_s("w " * 6) + LATENCY_S, abs=1.5 * STEP)


@pytest.mark.parametrize("kind", ["sight", "correction", "offer", "hint", "praise", "count"])
def test_what_has_waited_too_long_is_dropped(kind: CueKind) -> None:
    """A line is spoken if the sentence before it ends within its shelf life, and never later."""
    long = line("count" if kind == "count" else "guide", 40)
    ends = spoken_s(long.text) + LATENCY_S
    for early, expected in ((0.2, [kind]), (-0.2, [])):
        room = Room()
        room.play(ends - SHELF_S[kind] + early, long)
        heard = room.play(SHELF_S[kind] + 3.0, line(kind))
        assert heard == expected


def test_a_count_is_dropped_not_delayed() -> None:
    """A number waits for a word or another number, and is never heard late."""
    room = Room()
    room.play(0.6, line("hint", 2))
    assert room.play(5.0, line("count", 1)) == []
    room.play(0.6, line("praise", 2))
    assert room.play(5.0, line("count", 1)) == ["count"]
    room.play(0.4, SpokenLine("four", "count"))
    assert room.play(5.0, SpokenLine("five", "count")) == ["five"]


def test_two_answers_to_a_pain_are_both_heard() -> None:
    """Ease out, and what is it like: the second does not cut off the first."""
    room = Room()
    assert room.play(8.0, line("pain", 3, "ease"), line("pain", 9, "what")) == ["ease", "what"]
    assert room.cut == []


def test_instructions_that_wait_are_not_lost() -> None:
    """Two that come while something else is spoken are said one after the other."""
    room = Room()
    room.play(1.0, line("offer", 16))
    room.play(3.0, SpokenLine("Lift it.", "instruct"))
    room.play(1.0, SpokenLine("Hold it.", "instruct"))
    room.play(12.0)
    assert room.begun[-1][1] == "Lift"
    assert len(room.begun) == 2


def test_one_line_waits_and_the_more_important_one() -> None:
    """Of all that comes while a sentence is spoken, one is said after it."""
    room = Room()
    room.play(1.0, line("guide", 6))
    room.play(0.1, line("praise"))
    room.play(0.1, line("correction", name="older"))
    room.play(0.1, line("offer"))
    room.play(0.1, line("correction", name="newer"))
    assert room.play(12.0) == ["newer"]


@pytest.mark.parametrize("waiting", [kind for kind in KINDS if kind != "pain"])
def test_announcements_are_not_lost(waiting: CueKind) -> None:
    """What begins or ends a set is said even if something waits already."""
    room = Room()
    room.play(1.0, line("pain"))
    room.play(1.2, line(waiting, name="waiting"))
    assert room.play(10.0, line("guide")) == ["guide"]


@pytest.mark.parametrize(("kind", "kept"), [("guide", True), ("correction", False)])
def test_a_stop_does_not_lose_the_announcement_that_waits(kind: CueKind, kept: bool) -> None:
    """It is said after the stop; a correction that waits is not."""
    room = Room()
    room.play(1.0, line("guide"))
    room.play(0.5, line(kind, name="waiting"))
    assert room.play(10.0, line("stop")) == ["stop"] + ["waiting"] * kept


def test_announcements_of_one_moment_are_all_said() -> None:
    """The end of a set, the next one and its instructions may come in the same second."""
    room = Room()
    lines = [line("guide", 4, "rest"), line("guide", 4, "plank"), line("instruct", 5, "lie")]
    assert room.play(1.0, *lines) == ["rest"]
    action = None
    while action is None or action.begin is None:
        action = room.speech.update(room.t, (), False)
        room.t += STEP
    assert action.begin.text == f"{lines[1].text} {lines[2].text}"


def test_an_older_announcement_gives_way_to_a_newer_one() -> None:
    """A user who skips two sets hears of the one that comes."""
    room = Room()
    room.play(0.5, line("guide", name="first"))
    room.play(1.1, line("guide", name="second"))
    assert room.play(10.0, line("guide", name="third")) == ["third"]


def test_going_on_cuts_off_the_pause_that_is_over() -> None:
    """And a pause that has not been said yet is not said after it."""
    room = Room()
    room.play(1.0, line("halt", 12, "paused"))
    assert room.play(0.5, line("halt", name="on")) == ["on"]
    assert room.cut == ["paused"]
    room = Room()
    room.play(1.0, line("guide", name="next"), line("halt", 12, "paused"))
    assert room.play(9.0, line("halt", name="on")) == ["on"]


def test_what_comes_together_is_said_by_importance() -> None:
    """The order in which the cues of one frame are handed over does not matter."""
    for lines in (("praise", "stop", "guide"), ("guide", "stop", "praise")):
        assert Room().play(10.0, *(line(kind) for kind in lines)) == ["stop", "guide"]


def test_a_sentence_is_not_begun_again_while_it_is_said() -> None:
    """Pressing a key twice does not stutter."""
    room = Room()
    room.play(1.0, line("pain"))
    assert room.play(10.0, line("pain")) == []
    assert room.cut == []


# --- voices as they are -------------------------------------------------------------------------


def test_the_end_of_a_line_cut_off_is_not_the_end_of_the_new_one() -> None:
    """For a short time the engine still reports the line before."""
    speech = Speech("full")
    speech.update(0.0, [line("guide")], False)
    assert speech.update(0.5, [line("stop")], True).stop
    speech.update(0.52, [line("hint")], True)
    for t, speaking in ((0.54, False), (0.6, True), (1.0, True)):
        assert speech.update(t, (), speaking).begin is None
    assert speech.update(1.5, (), False).begin == line("hint")


def test_a_voice_that_is_slow_to_begin_is_waited_for() -> None:
    """The first sentence of an engine may take a second, and so may a later one."""
    speech = Speech("full")
    speech.update(0.0, [line("guide")], False)
    assert speech.update(1.0, [line("hint")], False).begin is None
    speech.update(1.2, (), True)
    assert speech.update(2.0, (), False).begin == line("hint")
    assert speech.update(3.0, [line("praise")], False).begin is None


def test_a_voice_that_never_begins_does_not_block_the_next_line() -> None:
    """A sentence that an engine swallows costs its place, not the rest of the session."""
    room = Room(dead=True)
    assert room.play(3.0, line("guide", name="first"), line("guide", name="next")) == [
        "first",
        "next",
    ]


def test_a_voice_that_hangs_does_not_block_the_session() -> None:
    """An engine that claims to speak for ever is given up for each line."""
    room = Room(hangs=True)
    room.play(1.0, line("guide", 2))
    room.play(8.0)
    assert room.play(1.0, line("guide", 2, "next")) == ["next"]


def test_without_a_voice_lines_take_the_time_of_their_words() -> None:
    """Muted, the same is chosen as would have been spoken."""
    speech = Speech("full")
    first = line("guide")
    assert speech.update(0.0, [first, line("instruct")], None).begin == first
    assert speech.update(spoken_s(first.text) - 0.01, (), None).begin is None
    assert speech.update(spoken_s(first.text), (), None).begin == line("instruct")
    assert spoken_s("") == 0.0


def test_nothing_is_said_for_a_cue_without_words() -> None:
    """An empty line does not cut off anything."""
    room = Room()
    room.play(1.0, line("guide"))
    assert room.play(1.0, SpokenLine("", "pain")) == []
    assert room.cut == []


# --- any session --------------------------------------------------------------------------------

MOMENTS = st.lists(
    st.tuples(
        st.sampled_from([0.05, 0.1, 0.5, 1.0, 3.0, 12.5]),
        st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 30)), max_size=3),
    ),
    min_size=1,
    max_size=40,
)
"""Pieces of a session: their seconds, and the (kind, words) that come at the beginning."""


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(MOMENTS, st.sampled_from(["normal", "hangs", "dead"]))
def test_laws_of_the_queue(
    moments: list[tuple[float, list[tuple[CueKind, int]]]], voice: str
) -> None:
    """Each line is said at most once, and in order among those of its kind. The most important line
    of a moment is said first, a pain at once. Nothing older than the longest shelf life is said, so
    the queue does not grow."""
    room = Room(hangs=voice == "hangs", dead=voice == "dead")
    came: dict[str, tuple[float, CueKind]] = {}
    for seconds, new in moments:
        lines = []
        for kind, words in new:
            name = f"n{len(came)}"
            came[name] = (room.t, kind)
            lines.append(SpokenLine(" ".join([name] + ["word"] * (words - 1)), kind))
        before, at = len(room.said), room.t
        room.play(seconds, *lines)
        kinds = [came[name][1] for t, names in room.said[before:] if t == at for name in names]
        answering = before > 0 and came[room.said[before - 1][1][0]][1] == "pain"
        if lines and not before:
            assert kinds == [max((kind for kind, _ in new), key=lambda kind: IMPORTANCE[kind])]
        elif any(kind == "pain" for kind, _ in new) and not answering:
            assert kinds == ["pain"]
    said = [name for _, names in room.said for name in names]
    assert len(said) == len(set(said))
    for kind in KINDS:
        numbers = [int(name[1:]) for name in said if came[name][1] == kind]
        assert numbers == sorted(numbers)
    for t, names in room.said:
        assert all(t - came[name][0] <= max(SHELF_S.values()) + STEP for name in names)
