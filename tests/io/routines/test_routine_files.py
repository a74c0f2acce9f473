"""Exercise and routine files: what is read, and that every mistake is reported with its line."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from posecheck.commands.listing import check_files
from posecheck.exercise import Exercise, Substitute
from posecheck.io.routines.load import RoutineError, load_all, load_exercise, load_routine

HOLD = """\
id = "stretch"
name = "Stretch"
group = "upper"
category = "hold"
check = "full"
position = "standing"
sides = "none"
instructions = ["Stand tall."]
safety = "Stop with pain."
contraindications = ["SHO"]

[dose]
sets = 1
hold_s = 30
rest_s = 8.0

[camera]
view = "side"
hint = "Stand side-on."
height_m = [1.0, 1.2]
distance_m = [2, 3]

[[rules]]
id = "leaning"
metric = "trunk_incl"
min = -10
max = 10
margin = 4
severity = "must"
kind = "alignment"
accuracy = "A"
grace_s = 0.8
cue = "Stand tall"
voice = "Stand tall."

[[rules]]
id = "elbow"
metric = "elbow_angle.near"
min = 140
margin = 6
severity = "advice"
kind = "alignment"
accuracy = "B"
grace_s = 1.2
cue = "Long arms"
voice = "Long arms."
"""

COUNTED = """
[reps]
metric = "hip_angle.near"
rest = { enter = 140, leave = 130 }
peak = { enter = 85, leave = 100 }
min_s = 1
max_s = 6
"""

REPS = (
    HOLD.replace('category = "hold"', 'category = "reps"').replace("hold_s = 30", "reps = 8")
    + COUNTED
)

TIMER = (
    HOLD[: HOLD.index("[camera]")]
    .replace('category = "hold"', 'category = "timer"')
    .replace('check = "full"', 'check = "none"\nwhy_unchecked = "Out of sight."')
    .replace("hold_s = 30", "time_s = 60")
)

INSTEAD = """
[[substitutes]]
exercise = "walk"
tags = ["SHO"]
eased = true
"""

ROUTINE = """\
id = "morning"
name = "Morning"
about = "Short."
seconds = 60

[[steps]]
exercise = "stretch"
hold_s = 20
"""


def write(folder: Path, text: str, name: str = "stretch") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str) -> Exercise:
    return load_exercise(write(folder, text))


def problems(folder: Path, text: str, name: str = "stretch") -> tuple[str, ...]:
    with pytest.raises(RoutineError) as caught:
        load_exercise(write(folder, text, name))
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def line_of(text: str, start: str, after: str = "") -> int:
    """The number of the first line after `after` that starts with this text."""
    offset = text.index(after)
    place = offset if text[offset:].startswith(start) else text.index(f"\n{start}", offset) + 1
    return text.count("\n", 0, place) + 1


def test_reads_values_of_every_kind(tmp_path: Path) -> None:
    exercise = load(tmp_path, HOLD)
    assert exercise.dose.hold_s == 30.0
    assert isinstance(exercise.dose.hold_s, float)
    assert exercise.camera is not None
    assert exercise.camera.distance_m == (2.0, 3.0)
    assert exercise.rules[1].max is None
    assert exercise.instructions == ("Stand tall.",)
    assert exercise.easier == ""


def test_reads_repetitions_and_timers(tmp_path: Path) -> None:
    counted = load(tmp_path, REPS)
    assert counted.reps is not None
    assert counted.reps.peak.leave == 100.0
    assert load(tmp_path, TIMER).dose.time_s == 60.0


@pytest.mark.parametrize(
    ("base", "old", "new", "why"),
    [
        (HOLD, "margin = 4", "margin = 4\nmargn = 4", "rules[0].margn: unknown key; did you"),
        (HOLD, "margin = 4", 'margin = "wide"', "rules[0].margin: must be a number, not 'wide'"),
        (HOLD, "margin = 4", "margin = true", "rules[0].margin: must be a number, not true"),
        (HOLD, "margin = 4", "margin = nan", "rules[0].margin: must be a number, not nan"),
        (HOLD, "margin = 4", "margin = inf", "rules[0].margin: must be a number, not inf"),
        (HOLD, "margin = 4", "margin = -4", "rules[0].margin: must be at least 0, not -4"),
        (HOLD, "grace_s = 0.8", "grace_s = -1", "rules[0].grace_s: must be at least 0"),
        (HOLD, "sets = 1", "sets = 1.5", "dose.sets: must be a whole number, not 1.5"),
        (HOLD, "sets = 1", "sets = 0", "dose.sets: must be at least 1, not 0"),
        (HOLD, "hold_s = 30", "hold_s = 0", "dose.hold_s: must be more than 0, not 0"),
        (HOLD, "rest_s = 8.0", "rest_s = -1", "dose.rest_s: must be at least 0, not -1"),
        (HOLD, 'name = "Stretch"', "name = 7", "name: must be a text, not 7"),
        (HOLD, 'name = "Stretch"', 'name = " "', "name: must not be empty"),
        (HOLD, 'id = "stretch"', 'id = "strech"', "id: must be the file's name, 'stretch'"),
        (HOLD, 'severity = "must"', 'severity = "most"', "not 'most'; did you mean 'must'?"),
        (HOLD, 'view = "side"', 'view = "back"', "camera.view: must be one of 'front', 'side'"),
        (HOLD, "instructions = [", 'instructions = [3, "a", ', "instructions[0]: must be a text"),
        (HOLD, 'instructions = ["Stand tall."]', "instructions = []", "instructions: must have"),
        (HOLD, "height_m = [1.0, 1.2]", "height_m = [1.2, 1.0]", "from (1.2) must not be above"),
        (HOLD, "height_m = [1.0, 1.2]", "height_m = [1.0]", "must be a list of 2 numbers"),
        (HOLD, "distance_m = [2, 3]", "distance_m = [3, 2]", "camera.distance_m: from (3)"),
        (HOLD, "min = -10", "min = 10", "rules[0].min: min (10) must be below max (10)"),
        (HOLD, 'id = "elbow"', 'id = "leaning"', "rules[1].id: 'leaning' is the id of another"),
        (HOLD, 'cue = "Stand tall"', 'cue = "a b c d e f g"', "rules[0].cue: 7 words; a cue has"),
        (HOLD, 'cue = "Stand tall"', 'cue = ""', "rules[0].cue: must not be empty"),
        (HOLD, 'voice = "Stand tall."', 'voice = ""', "rules[0].voice: must not be empty"),
        (HOLD, 'metric = "trunk_incl"', 'metric = "trunk_inc"', "did you mean 'trunk_incl'?"),
        (HOLD, 'metric = "trunk_incl"', 'metric = "knee_angle.nere"', "unknown side 'nere'"),
        (HOLD, 'metric = "trunk_incl"', 'metric = "knee_angle.work"', "needs a working side"),
        (HOLD, 'metric = "trunk_incl"', 'metric = "head_roll"', "cannot be seen from the side"),
        (HOLD, 'contraindications = ["SHO"]', 'contraindications = ["SHU"]', "did you mean 'SHO'?"),
        (HOLD, 'position = "standing"', 'position = "standng"', "did you mean 'standing'?"),
        (HOLD, 'hint = "Stand side-on."', 'hint = ""', "camera.hint: must not be empty"),
        (HOLD, "hold_s = 30", "hold_s = 30\ntime_s = 5", "dose.time_s: stretch is a hold"),
        (REPS, "reps = 8", "reps = 8\nhold_s = 5", "dose.hold_s: stretch is counted"),
        (REPS, "min_s = 1", "min_s = 6", "reps.min_s: (6) must be below max_s (6)"),
        (REPS, "min_s = 1", "min_s = 1\nhold_s = 9", "reps.hold_s: (9) must be below max_s (6)"),
        (REPS, "min_s = 1", 'min_s = 1\ntoo_small = "a b c d e f g"', "reps.too_small: 7 words"),
        (REPS, 'metric = "hip_angle.near"', 'metric = "hop_angle.near"', "reps.metric: unknown"),
        (REPS, 'metric = "hip_angle.near"', 'metric = "head_roll"', "seen from the side"),
        (REPS, "min_s = 1", "min_s = 1\nalso = { metric = 'kne.near', peak = { enter = 1, "
         "leave = 1 } }", "reps.also.metric: unknown"),
        (REPS, "rest = {", "rest = { enter = 120, leave = 130 } #", "reps.rest: where the metric"),
        (REPS, "peak = {", "peak = { enter = 85, leave = 135 } #", "reps.peak: where the metric"),
        (REPS, "peak = {", "peak = { enter = 99, leave = 90 } #", "reps.peak: where the metric"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(
    tmp_path: Path, base: str, old: str, new: str, why: str
) -> None:
    after = "[reps]" if old in COUNTED else ""
    start = base.index(old, base.index(after))
    text = base[:start] + new + base[start + len(old) :]
    line = text.count("\n", 0, start) + 1
    (found,) = problems(tmp_path, text)
    wrong_line = line + 1 if "\n" in new and why.split(":")[0].split(".")[-1] in new else line
    assert found.startswith(f"stretch.toml:{wrong_line}: ")
    assert why in found


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        (HOLD.replace('safety = "Stop with pain."\n', ""), 1, "safety: is missing; it must be a t"),
        (HOLD.replace("rest_s = 8.0\n", ""), 12, "dose.rest_s: is missing; it must be a number"),
        (HOLD.replace("grace_s = 0.8\n", ""), 23, "rules[0].grace_s: is missing"),
        (HOLD.replace("min = 140\n", ""), 36, "rules[1]: needs min, max or both"),
        (HOLD.replace("hold_s = 30\n", ""), 12, 'dose.hold_s: category = "hold" needs it'),
        (HOLD + COUNTED, 48, 'reps: category = "hold" has no [reps]'),
        (HOLD[: HOLD.index("[[rules]]")], 1, "rules: category = "),
        (HOLD.replace('"full"', '"partial"'), 1, 'not_checked: check = "partial" needs it'),
        (HOLD.replace('sides = "none"', 'sides = "each"'), 1, "side_means: sides = "),
        (REPS.replace(COUNTED, ""), 1, 'reps: category = "reps" needs a [reps] table'),
        (REPS.replace("reps = 8\n", ""), 12, 'dose.reps: category = "reps" needs it'),
        (TIMER.replace("time_s = 60\n", ""), 13, 'dose.time_s: category = "timer" needs it'),
        (TIMER.replace("time_s = 60", "time_s = 9\nhold_s = 9"), 16, "dose.hold_s: stretch is onl"),
        (TIMER.replace("Out of sight.", ""), 6, "why_unchecked: check = "),
        (TIMER + COUNTED, 19, 'reps: category = "timer" has no [reps]'),
        (TIMER + HOLD[HOLD.index("[[rules]]") :], 18, 'rules: category = "timer" has no rules'),
        (REPS.replace("min_s = 1", "min_s = 1\neach = true"), 49, "reps.metric: each = true foll"),
    ],
)
def test_what_does_not_fit_together(tmp_path: Path, text: str, where: int, why: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith(f"stretch.toml:{where}: {why}")


def test_thresholds_rise_with_the_metric(tmp_path: Path) -> None:
    rising = REPS.replace("enter = 140, leave = 130", "enter = 20, leave = 30")
    assert load(tmp_path, rising.replace("leave = 100", "leave = 70")).reps is not None
    assert problems(tmp_path, rising) == (
        "stretch.toml:51: reps.peak: where the metric rises to the peak, rest.enter <= rest.leave "
        "< peak.leave <= peak.enter; here 20, 30, 100, 85",
    )


def test_checks_without_a_camera_and_timers_with_a_check(tmp_path: Path) -> None:
    start, end = HOLD.index("[camera]"), HOLD.index("[[rules]]")
    assert problems(tmp_path, HOLD[:start] + HOLD[end:]) == (
        'stretch.toml:1: camera: check = "full" needs a [camera]',
    )
    (no_check,) = problems(
        tmp_path, HOLD.replace('check = "full"', 'check = "none"\nwhy_unchecked = "So."')
    )
    assert no_check == 'stretch.toml:5: check: check = "none" needs category = "timer"'
    checked = problems(tmp_path, TIMER.replace('check = "none"', 'check = "full"'))
    assert any("nothing is measured" in problem for problem in checked)


def test_all_mistakes_of_a_file_in_one_run(tmp_path: Path) -> None:
    text = (
        HOLD.replace('name = "Stretch"', "nmae = 1")
        .replace("min = -10", "min = 90")
        .replace("min = 140", 'min = "wide"')
        .replace('metric = "elbow_angle.near"', 'metric = "elbw_angle.near"')
        .replace('severity = "advice"', 'severity = "advise"')
    )
    found = problems(tmp_path, text)
    assert [problem.split(": ")[:2] for problem in found] == [
        ["stretch.toml:1", "name"],
        ["stretch.toml:2", "nmae"],
        [f"stretch.toml:{line_of(text, 'min =')}", "rules[0].min"],
        [f"stretch.toml:{line_of(text, 'metric =', 'elbow')}", "rules[1].metric"],
        [f"stretch.toml:{line_of(text, 'min =', 'elbw')}", "rules[1].min"],
        [f"stretch.toml:{line_of(text, 'severity =', 'elbw')}", "rules[1].severity"],
    ]


def test_a_wrong_value_is_named_once(tmp_path: Path) -> None:
    text = HOLD.replace('category = "hold"', "category = 1").replace("[dose]", "[does]")
    assert [problem.split(": ")[1] for problem in problems(tmp_path, text)] == [
        "dose",
        "category",
        "does",
    ]


def test_a_table_where_a_list_belongs(tmp_path: Path) -> None:
    text = HOLD[: HOLD.index("[[rules]]")] + '[rules]\nid = "one"\n'
    assert problems(tmp_path, text) == (
        "stretch.toml:23: rules: must be a list of tables, not a table",
    )


@pytest.mark.parametrize("value", ["1" * 400, "0x" + "f" * 1500])
def test_numbers_beyond_any_machine(tmp_path: Path, value: str) -> None:
    (found,) = problems(tmp_path, HOLD.replace("margin = 4", f"margin = {value}"))
    assert found == "stretch.toml:28: rules[0].margin: must be a number, not a huge number"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("margin = 4", "margin = 1e308", "rules[0].margin: must be at most"),
        ("margin = 4", "margin = -1e308", "rules[0].margin: must be at least 0"),
        ("max = ", "max = 1e9 #", "rules[0].max: must lie between"),
        ("sets = 1", "sets = 100000000", "dose.sets: must be at most 20"),
        ("sets = 1", "sets = -1", "dose.sets: must be at least 1"),
        ("hold_s = 30", "hold_s = 1e12", "dose.hold_s: must be at most 600"),
        ("rest_s = 8.0", "rest_s = 1e12", "dose.rest_s: must be at most 600"),
        ("rest_s = 8.0", "rest_s = -0.1", "dose.rest_s: must be at least 0"),
        ("grace_s = ", "grace_s = 1e9 #", "rules[0].grace_s: must be at most 10"),
        ("grace_s = ", "grace_s = -1 #", "rules[0].grace_s: must be at least 0"),
        ('"Stand tall."', '"Stand\\u001b[31m tall."', "the control character U+001B"),
        ('"Stand tall."', '"Stand\\u202e tall."', "the control character U+202E"),
        ('"Stand tall."', '"' + 600 * "x" + '"', "has 600 characters; at most 500"),
        ('["Stand tall."]', "[" + 200 * '"x", ' + "]", "has 200 items; at most 100"),
    ],
)
def test_what_no_exercise_needs_is_refused(tmp_path: Path, old: str, new: str, why: str) -> None:
    """A slip of the pen could make every posture right, or a session endless."""
    assert old in HOLD
    assert any(why in problem for problem in problems(tmp_path, HOLD.replace(old, new, 1)))


@pytest.mark.slow
def test_a_file_of_thousands_of_rules_is_refused_within_a_second(tmp_path: Path) -> None:
    """Of processor time; the time grows no faster than the file."""
    text = HOLD + '[[rules]]\nid = "a"\nmetric = "trunk_incl"\nmax = 10\n' * 4000
    began = time.process_time()
    assert [each.partition("rules: ")[2] for each in problems(tmp_path, text)] == [
        "has 4002 items; at most 100"
    ]
    assert time.process_time() - began < 1.0


def test_a_walk_over_a_disk_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with more files than any set of exercises is not searched to its end."""
    for number in range(21):
        (tmp_path / str(number)).touch()
    assert check_files([tmp_path], most_seen=20) == 2
    assert "holds more than 20 files" in capsys.readouterr().out


def test_a_mistake_is_one_line_whatever_the_file_says(tmp_path: Path) -> None:
    text = HOLD.replace('metric = "trunk_incl"', 'metric = "a\\nb\\u001b[2J"')
    assert problems(tmp_path, text)[0].startswith(
        "stretch.toml:25: rules[0].metric: unknown metric 'a�b�[2J'"
    )
    with pytest.raises(RoutineError, match="none of the 30 known ones is like it"):
        load_routine(
            write(tmp_path, ROUTINE.replace('"stretch"', '"xyz"'), "morning"),
            dict.fromkeys((f"stretch{n}" for n in range(30)), load(tmp_path, HOLD)),
        )


def test_lines_after_long_values_and_odd_spellings(tmp_path: Path) -> None:
    text = (
        HOLD.replace(
            'instructions = ["Stand tall."]',
            "instructions = [\n  \"[not] = a table\", # [[nor]] this\n  '''two\nid = 3''',\n]",
        )
        .replace("margin = 4", '"margin" = -4')
        .replace("[dose]\nsets = 1\nhold_s = 30\nrest_s = 8.0\n", "")
        .replace('id = "stretch"', 'id = "stretch"\ndose.sets = 0')
        .replace("dose.sets = 0", "dose.sets = 0\ndose.hold_s = 30\ndose.rest_s = 8")
    )
    assert [problem.split(": ")[0] for problem in problems(tmp_path, text)] == [
        "stretch.toml:2",
        f"stretch.toml:{line_of(text, 'instructions')}",  # a text of two lines
        f"stretch.toml:{line_of(text, chr(34) + 'margin' + chr(34))}",
    ]


def test_windows_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "stretch.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HOLD.replace("\n", "\r\n").encode())
    assert load_exercise(path).id == "stretch"
    path.write_bytes(HOLD.replace("margin = 4", "margin = -4").replace("\n", "\r\n").encode())
    with pytest.raises(RoutineError, match=r"^stretch\.toml:28: "):
        load_exercise(path)


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b'id = "a"\nname = "\xff"\n', 2, "not UTF-8 text"),
        (b'id = "a"\nname = \n', 2, "not valid TOML: Invalid value, at column 8"),
        (b'id = "a"\nid = "b"\n', 2, "not valid TOML: Cannot overwrite a value"),
        (b'id = "a"\nname = """open\n', 2, "at the end of the file"),
        (b"a = " + b"[" * 1500, 1, "nested too deeply"),
        (b"a = " + b"[" * 15 + b"]" * 15, 1, "nested too deeply"),
        (b"a" + b".a" * 900 + b" = 1", 1, "nested too deeply"),
        (b"#\na = " + b"1" * 5000, 2, "has 5004 characters; at most 2000"),
        (b"\0" * 2_000_000, 1, "is too large"),
    ],
)
def test_files_that_are_not_toml(tmp_path: Path, data: bytes, line: int, why: str) -> None:
    path = tmp_path / "stretch.toml"
    path.write_bytes(data)
    with pytest.raises(RoutineError) as caught:
        load_exercise(path)
    (found,) = caught.value.problems
    assert found.startswith(f"stretch.toml:{line}: ")
    assert why in found


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(RoutineError, match=r"^none\.toml:1: no such file$"):
        load_exercise(tmp_path / "none.toml")
    folder = tmp_path / "stretch.toml"
    folder.mkdir()
    with pytest.raises(RoutineError, match=r"^stretch\.toml:1: is a folder, not a file$"):
        load_exercise(folder)


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ('"stretch"', '"strech"', 7, "steps[0].exercise: unknown exercise 'strech'; did you mean"),
        ("hold_s = 20", "time_s = 20", 8, "steps[0].time_s: stretch is a hold: its dose is hold_s"),
        ("hold_s = 20", "hold_s = -1", 8, "steps[0].hold_s: must be more than 0"),
        ("hold_s = 20", "sets = 0", 8, "steps[0].sets: must be at least 1"),
        ("hold_s = 20", "sides = 2", 8, 'steps[0].sides: stretch has sides = "none"'),
        ("hold_s = 20", "sides = 3", 8, "steps[0].sides: must be one of 1, 2, not 3"),
        ("hold_s = 20", "sides = true", 8, "steps[0].sides: must be one of 1, 2, not true"),
        ("hold_s = 20", 'view = "front"', 8, "steps[0].view: stretch is judged from the side"),
        ("seconds = 60", "seconds = 0", 4, "seconds: must be at least 1"),
        ('"Short."', '""', 3, "about: must not be empty"),
        ('"morning"', '"evening"', 1, "id: must be the file's name, 'morning', not 'evening'"),
    ],
)
def test_mistakes_of_a_routine(tmp_path: Path, old: str, new: str, line: int, why: str) -> None:
    exercises = {"stretch": load(tmp_path, HOLD)}
    path = write(tmp_path, ROUTINE.replace(old, new), "morning")
    with pytest.raises(RoutineError) as caught:
        load_routine(path, exercises)
    (found,) = caught.value.problems
    assert found.startswith(f"morning.toml:{line}: {why}")


def test_a_routine_needs_steps(tmp_path: Path) -> None:
    text = ROUTINE[: ROUTINE.index("[[steps]]")] + "steps = []\n"
    with pytest.raises(RoutineError, match=r"^morning\.toml:6: steps: a routine needs at least"):
        load_routine(write(tmp_path, text, "morning"), {})


def test_a_folder_reports_the_mistakes_of_all_files(tmp_path: Path) -> None:
    folder = tmp_path / "exercises"
    folder.mkdir()
    write(folder, HOLD)
    write(folder, HOLD, "other")  # its id differs from its name
    write(folder, "not toml", ".hidden")
    step = '\n[[steps]]\nexercise = "other"\n'
    write(tmp_path, ROUTINE + step, "morning")  # its only mistake is in the other file
    write(tmp_path, ROUTINE.replace("60", '"x"'), "evening")
    with pytest.raises(RoutineError) as caught:
        load_all(tmp_path)
    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        "other.toml:1",
        "evening.toml:1",
        "evening.toml:4",
    ]


def folder_of(folder: Path, **texts: str) -> Path:
    """Write a folder of these exercises, each with its own id and name."""
    (folder / "exercises").mkdir()
    for name, text in texts.items():
        write(folder / "exercises", text.replace('id = "stretch"', f'id = "{name}"'), name)
    return folder


@pytest.mark.parametrize(
    ("hold", "bouts", "why"),
    [
        (True, "[2, 2]", "steps[0].bouts: are 4 holds, and sets = 3"),
        (True, "[3, 0]", "steps[0].bouts[1]: must be at least 1, not 0"),
        (True, '["two"]', "steps[0].bouts[0]: must be a whole number, not 'two'"),
        (True, "3", "steps[0].bouts: must be a list of whole numbers, not 3"),
        (False, "[2, 1]", "steps[0].bouts: stretch is no hold"),
    ],
)
def test_bouts_that_make_no_sense(tmp_path: Path, hold: bool, bouts: str, why: str) -> None:
    exercise = load(tmp_path, HOLD if hold else REPS)
    text = ROUTINE.replace("hold_s = 20", f"sets = 3\nbouts = {bouts}")
    with pytest.raises(RoutineError, match=re.escape(why)):
        load_routine(write(tmp_path, text, "morning"), {"stretch": exercise})


@pytest.mark.parametrize(
    ("base", "way", "rule", "why"),
    [
        (HOLD, '["forwards"]', "", "way: only category"),
        (REPS, '["forwards", "forwards"]', "", "way: names a direction twice"),
        (REPS, '["up"]', "", "way[0]: must be one of 'forwards', 'backwards', not 'up'"),
        (REPS, '"forwards"', "", "way: must be a list, each one of 'forwards', 'backwards'"),
        (REPS, '["forwards"]', "backwards", "rules[0].way: 'backwards' is not among"),
    ],
)
def test_directions_that_make_no_sense(
    tmp_path: Path, base: str, way: str, rule: str, why: str
) -> None:
    text = base.replace('id = "stretch"', f'id = "stretch"\nway = {way}')
    if rule:
        text = text.replace("margin = 4", f'margin = 4\nway = "{rule}"', 1)
    with pytest.raises(RoutineError, match=re.escape(why)):
        load(tmp_path, text)


def test_substitutes_are_read(tmp_path: Path) -> None:
    """With tags and form; without them they apply to every tag and in the usual form."""
    walk = TIMER.replace("[dose]", 'easier = "Half."\n\n[dose]')
    texts = {"stretch": HOLD + INSTEAD + '\n[[substitutes]]\nexercise = "walk"\n', "walk": walk}
    found = load_all(folder_of(tmp_path, **texts)).exercises["stretch"].substitutes
    assert found == (Substitute("walk", ("SHO",), eased=True), Substitute("walk"))


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ('"walk"', '"stretch"', 49, "substitutes[0].exercise: stretch cannot take its own place"),
        ('tags = ["SHO"]', 'tags = ["KNEE"]', 50, "substitutes[0].tags[0]: 'KNEE' does not excl"),
        ('tags = ["SHO"]', 'tags = ["SHU"]', 50, "substitutes[0].tags[0]: 'SHU' does not exclude "
         "stretch; did you mean 'SHO'?"),
        ("eased = true", "eased = 1", 51, "substitutes[0].eased: must be true or false, not 1"),
        ("tags =", "tag =", 50, "substitutes[0].tag: unknown key; did you mean 'tags'?"),
    ],
)  # fmt: skip
def test_mistakes_of_substitutes_in_one_file(
    tmp_path: Path, old: str, new: str, line: int, why: str
) -> None:
    """What one file alone shows is reported with its line."""
    (found,) = problems(tmp_path, HOLD + INSTEAD.replace(old, new))
    assert found.startswith(f"stretch.toml:{line}: {why}")


def test_substitutes_without_a_reason_are_a_mistake(tmp_path: Path) -> None:
    """An exercise without contraindications is never replaced."""
    text = (HOLD + INSTEAD).replace('contraindications = ["SHO"]\n', "")
    assert problems(tmp_path, text) == (
        "stretch.toml:47: substitutes: are never used: the exercise has no contraindications",
    )


@pytest.mark.parametrize(
    ("by", "on", "why"),
    [
        ("A. Carer, physiotherapist", "", "reviewed_on: is missing"),
        ("", "2026-01-31", "reviewed_by: is missing"),
        ("A. Carer, physiotherapist", "31.1.2026", "reviewed_on: must be a day"),
    ],
)
def test_a_review_has_a_name_and_a_day(tmp_path: Path, by: str, on: str, why: str) -> None:
    """Half a mark would look like a review."""
    mark = f'reviewed_by = "{by}"\nreviewed_on = "{on}"\ncontraindications = ["SHO"]\n'
    text = HOLD.replace('contraindications = ["SHO"]\n', mark)
    (found,) = problems(tmp_path, text)
    assert why in found


def test_mistakes_of_substitutes_among_files(tmp_path: Path) -> None:
    """Unknown exercises, missing easier forms, and circles, each reported for its own file. An
    exercise whose own file cannot be read is not a further mistake."""
    back = '\n[[substitutes]]\nexercise = "stretch"\n'
    texts = {
        "stretch": HOLD + INSTEAD,
        "walk": TIMER + back.replace("stretch", "wlk"),
        "round": HOLD + INSTEAD.replace("walk", "again").replace("eased = true\n", ""),
        "again": HOLD + back.replace("stretch", "round"),
        "ill": "not toml",
        "well": HOLD + back.replace("stretch", "ill"),
    }
    with pytest.raises(RoutineError) as caught:
        load_all(folder_of(tmp_path, **texts))
    assert sorted(caught.value.problems) == [
        "again.toml:49: substitutes[0].exercise: leads back to again: again -> round -> again",
        "ill.toml:1: not valid TOML: Expected '=' after a key in a key/value pair, at column 5",
        "round.toml:49: substitutes[0].exercise: leads back to round: round -> again -> round",
        "stretch.toml:51: substitutes[0].eased: walk says nothing under easier",
        "walk.toml:20: substitutes[0].exercise: unknown exercise 'wlk'; did you mean 'walk'?",
    ]


def test_a_checked_file_may_name_shipped_exercises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` knows the shipped exercises and the files that it was given."""
    back = '\n[[substitutes]]\nexercise = "knee_rolls"\n'
    assert check_files([write(tmp_path, HOLD + back)]) == 0
    assert check_files([write(tmp_path, HOLD + back.replace("rolls", "rols"))]) == 2
    assert "did you mean 'knee_rolls'?" in capsys.readouterr().out


def test_a_folder_is_read_by_id(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    write(tmp_path / "exercises", HOLD)
    write(tmp_path, ROUTINE, "morning")
    library = load_all(tmp_path)
    assert list(library.exercises) == ["stretch"]
    assert library.routines["morning"].steps[0].hold_s == 20.0


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(RoutineError, match="no such folder"):
        load_all(tmp_path / "nowhere")
