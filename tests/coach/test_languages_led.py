"""A led session speaks one language: nothing of another is said or shown."""

from __future__ import annotations

import pytest
from led import PHRASES, RAISED, STRAIGHT, lead
from shipped import LIBRARY

from posecheck.coach.cues import spoken_s
from posecheck.io.routines.language import ENGLISH, languages, load_phrases, translated
from posecheck.io.routines.texts import texts_of
from posecheck.session.plan import plan

CODES = tuple(each.code for each in languages() if each.code != ENGLISH)


@pytest.mark.parametrize("code", CODES)
def test_a_session_speaks_one_language(code: str) -> None:
    """Names, sides, doses, steps, corrections, pauses and pain, over three exercises."""
    library, phrases = translated(LIBRARY, code), load_phrases(code)
    planned = plan(library.routines["lower_back"], library.exercises, "left")[4:8]
    led = lead(
        planned,
        (STRAIGHT, 6.0),
        ("nobody", 6.0),
        (RAISED, 4.0),
        ("pain", 2.0),
        ("spreading", 3.0),
        ("skip", 5.0),
        (STRAIGHT, 8.0),
        fps=5.0,
        phrases=phrases,
    )
    english = {text for each in LIBRARY.exercises.values() for _, text in texts_of(each)}
    english |= set(PHRASES.values())
    own = {text for each in library.exercises.values() for _, text in texts_of(each)}
    own |= set(phrases.values())
    texts = {text for _, cue in led.cues for text in (cue.text, cue.voice)}
    texts |= {text for _, view in led.views for text in (view.line, view.detail)}
    assert len(texts) > 10
    assert texts & (english - own) == set()
    said = " ".join(cue.voice for _, cue in led.cues)
    assert library.exercises[planned[0].exercise.id].name.partition(" (")[0] in said
    assert phrases["nobody_say"] in said
    assert phrases["pain_pause_say"] in said


@pytest.mark.parametrize(
    ("text", "measured_s"),
    [
        ("Come onto hands and knees, side-on.", 2.60),
        ("Pausiert. Heben Sie beide Arme, um weiterzumachen.", 3.40),
        ("Alles geschafft. Gut gemacht.", 1.93),
        ("Balancee más despacio.", 1.59),
    ],
)
def test_a_line_is_not_estimated_shorter_than_it_is_spoken(text: str, measured_s: float) -> None:
    """Measured with eSpeak NG 1.51 at its usual speed."""
    assert spoken_s(text) >= measured_s
