"""The lessons: about a minute each, with sources, and every mistake of a file named."""

from __future__ import annotations

from pathlib import Path

import pytest
from shipped import LIBRARY

from posecheck.exercise import ChecklistPoint, Lesson
from posecheck.io.routines.load import load_all, load_lesson
from posecheck.io.routines.problems import RoutineError
from posecheck.io.routines.texts import texts_of, with_texts

WORDS_A_MINUTE = 150
"""Of a calm voice."""

WRONG = """
id = "other"
order = 0
name = " "
text = ["Move.", ""]
sources = []
reviewed_by = "A. Reader"

[[checklist]]
id = "feet"
text = "Both feet are flat."
camera = "hight"

[[checklist]]
id = "feet"
text = ""
"""


@pytest.mark.parametrize("lesson", LIBRARY.lessons.values(), ids=lambda each: each.id)
def test_a_lesson_takes_about_a_minute(lesson: Lesson) -> None:
    words = sum(len(text.split()) for text in lesson.text)
    assert words / WORDS_A_MINUTE * 60 <= 75
    assert lesson.checklist or words / WORDS_A_MINUTE * 60 >= 40
    assert "  " not in "".join(lesson.text)


def test_there_are_about_twelve_in_a_fixed_order() -> None:
    orders = [each.order for each in LIBRARY.lessons.values()]
    assert orders == list(range(1, len(orders) + 1))
    assert 12 <= len(orders) <= 14


def test_the_desk_has_twelve_points_of_which_the_camera_sees_three() -> None:
    points = LIBRARY.lessons["desk_setup"].checklist
    assert len(points) == 12
    assert [point.camera for point in points if point.camera] == ["distance", "height", "square"]


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "back.toml"
    path.write_text(WRONG.lstrip())
    with pytest.raises(RoutineError) as raised:
        load_lesson(path)
    assert {tuple(problem.split(": ")[:2]) for problem in raised.value.problems} == {
        ("back.toml:1", "id"),
        ("back.toml:1", "reviewed_on"),  # it is missing, so it has no line
        ("back.toml:2", "order"),
        ("back.toml:3", "name"),
        ("back.toml:4", "text[1]"),
        ("back.toml:5", "sources"),
        ("back.toml:9", "checklist[0].id"),
        ("back.toml:11", "checklist[0].camera"),
        ("back.toml:14", "checklist[1].id"),
        ("back.toml:15", "checklist[1].text"),
    }


def test_the_words_of_another_language_take_their_places() -> None:
    """Names, sources and what the camera sees stay."""
    lesson = Lesson(
        "a", 1, "Name", ("One.",), ("Who.",), (ChecklistPoint("p", "Point.", "square"),)
    )
    texts = dict(texts_of(lesson))
    assert texts == {
        ("name",): "Name",
        ("text", "1"): "One.",
        ("checklist", "p", "text"): "Point.",
    }
    own = with_texts(lesson, {("text", "1"): "Eins.", ("checklist", "p", "text"): "Punkt."})
    assert own.text == ("Eins.",)
    assert own.checklist == (ChecklistPoint("p", "Punkt.", "square"),)


def test_a_folder_without_lessons_has_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    assert load_all(tmp_path).lessons == LIBRARY.lessons
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "bad.toml").write_text("id = 3")
    with pytest.raises(RoutineError, match=r"bad.toml:1: id"):
        load_all(tmp_path)
