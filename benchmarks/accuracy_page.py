"""Writes `docs/accuracy.md` from the figures of `accuracy.py`: tables, and sentences made from "
"them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from statistics import median
from typing import Any

from changed_copies import LANDMARKS, PICTURES
from scoring import GRACE_S, IMPOSTOR_S, NAMED_S, Score, total

from posecheck.exercise import Exercise

Data = Mapping[str, Any]
Rows = Sequence[Data]

AS_IT_IS = "as it is"
WEAK_RECALL, WEAK_CREDIT, WEAK_CANT_TELL = 0.85, 0.02, 0.15
"""Beyond these a row is named as not reliable."""
WEAK_ANGLE_DEG = 15.0
"""The limit of accuracy class B (biomechanics 1): beyond it a single angle says little."""


# --- words --------------------------------------------------------------------------------------


def score_of(rows: Iterable[Data]) -> Score:
    """The sum of rows."""
    names = [each.name for each in fields(Score)]
    return total(Score(**{name: row[name] for name in names}) for row in rows)


def percent(value: float) -> str:
    return "–" if value != value else f"{100 * value:.0f} %"


def seconds(values: Sequence[float], of: Callable[[Sequence[float]], float]) -> str:
    return f"{of(values):.1f}" if values else "–"


def mean_size(values: Sequence[float]) -> float:
    return sum(abs(v) for v in values) / len(values)


def farthest(values: Sequence[float]) -> float:
    return max(values, key=abs)


def ratio(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "–"


def many(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or one + 's'}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; nothing for no rows."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    if not body:
        return []
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *body, ""]


def grouped(rows: Rows, *keys: str) -> dict[tuple[str, ...], list[Data]]:
    """Rows by the values of some columns, in order."""
    found: dict[tuple[str, ...], list[Data]] = {}
    for row in sorted(rows, key=lambda r: [str(r[key]) for key in keys]):
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return found


# --- the page -----------------------------------------------------------------------------------


def page(data: Data, exercises: Mapping[str, Exercise]) -> str:
    """The whole page."""
    clips: Rows = data["clips"]
    plain = [row for row in clips if row["copy"] == AS_IT_IS]
    streams: Rows = data["streams"]
    sections = (
        ["# How right the verdicts are", ""],
        _introduction(),
        _data(data, plain, streams, exercises),
        _short(data, clips, streams),
        _unreliable(data, clips, streams, exercises),
        _by_exercise("Rendered clips, by exercise and view", plain, clips),
        _by_exercise("Real people, by exercise and view", streams, ()),
        _changed(data, clips),
        _impostors(data),
        _angles(data, plain),
        _latency(plain, streams),
        _limits(),
        _definitions(),
        _repeat(),
    )
    return "\n".join(line for section in sections for line in section).rstrip() + "\n"


def _introduction() -> list[str]:
    return [
        "`benchmarks/accuracy.py` writes this page; edit that, not this. It judges recordings "
        "whose "
        "truth is known with the rules of this version and compares. "
        "[biomechanics.md](biomechanics.md) "
        "has the reasons of the rules.",
        "",
    ]


def _data(data: Data, plain: Rows, streams: Rows, exercises: Mapping[str, Exercise]) -> list[str]:
    checked = {e.id for e in exercises.values() if e.check != "none"}
    rendered, real = ({row["exercise"] for row in rows} for rows in (plain, streams))
    counts = [
        ("rendered clips", len(plain), len(rendered), "exact, for every picture"),
        ("streams of real people", len(streams), len(real), "labels by eye, ± 0.3 s"),
    ]
    lines = ["## What was measured", ""]
    lines += table(
        ("data", "recordings", "exercises", "truth"),
        ([name, str(n), str(m), truth] for name, n, m, truth in counts),
    )
    lines += [
        "The clips show three rendered people in one room each, who do the exercise rightly, "
        "make planted "
        "mistakes, rest, and change between these. The streams are landmarks of trainers and phone "
        "users in their own rooms; they do the exercise rightly, so they say nothing about "
        "mistakes that "
        "were missed. "
        f"{len(checked)} exercises are form-checked. Of these, "
        f"{many(len(checked - rendered), 'exercise')} "
        f"have no rendered clip{_named(checked - rendered)}, and {len(checked - real)} have no "
        f"labelled "
        "stream of a real person.",
        "",
    ]
    return lines


def _named(ids: Iterable[str]) -> str:
    names = ", ".join(f"`{each}`" for each in sorted(ids))
    return f" ({names})" if names else ""


def _short(data: Data, clips: Rows, streams: Rows) -> list[str]:
    sums = {("rendered clips, " + name): score_of(rows)
            for (name,), rows in _by_copy(clips).items()}  # fmt: skip
    sums["real people"] = score_of(streams)
    by_view = grouped(streams, "view")
    sums |= {f"real people, {view}": score_of(rows) for (view,), rows in by_view.items()}
    lines = ["## In short", ""]
    lines += table(
        ("recordings", "n", "right form credited", "false credit", "planted faults named",
         "calls that are true", "repetitions right", "phantom repetitions", "can't tell"),
        ([
            name, str(s.clips), f"{percent(s.recall)} of {s.due_s:.0f} s",
            f"{percent(s.false_credit)} of {s.wrong_s:.0f} s" if s.wrong_s else "–",
            ratio(s.named, s.planted), ratio(s.true_calls, s.true_calls + s.false_calls),
            f"{ratio(s.exact_clips, s.counted_clips)} recordings" if s.counted_clips else "–",
            str(s.phantoms) if s.counted_clips else "–", percent(s.cant_tell),
        ] for name, s in sums.items()),
    )  # fmt: skip
    if data["impostor_pairs"]:
        found = data["impostors"]
        lines += [
            f"Of {data['impostor_pairs']} pairs of a real person and an exercise that the person "
            f"does "
            f"not do, {len(found)} were taken for it, for {sum(i['right_s'] for i in found):.1f} "
            f"s and "
            f"{sum(i['reps'] for i in found)} repetitions in all.",
            "",
        ]
    return lines


def _by_copy(clips: Rows) -> dict[tuple[str, ...], list[Data]]:
    """By changed copy, in the order in which they were made."""
    order = dict.fromkeys(row["copy"] for row in clips)
    return {(name,): [row for row in clips if row["copy"] == name] for name in order}


# --- what is not reliable -----------------------------------------------------------------------


def _unreliable(
    data: Data, clips: Rows, streams: Rows, exercises: Mapping[str, Exercise]
) -> list[str]:
    lines = [
        "## What is not reliable",
        "",
        f"Every row of this page with less than {percent(WEAK_RECALL)} of the right form "
        f"credited, more "
        f"than {percent(WEAK_CREDIT)} false credit, a planted fault that was not named, a wrong "
        f"number of "
        f'repetitions, or more than {percent(WEAK_CANT_TELL)} "can\'t tell":',
        "",
    ]
    found = [
        f"- {_name(e, exercises)}, real people, {view} view ({many(len(rows), 'stream')}): {why}."
        for (e, view), rows in grouped(streams, "exercise", "view").items()
        if (why := _weakness(score_of(rows)))
    ]
    for (copy,), group in _by_copy(clips).items():
        what = "rendered" if copy == AS_IT_IS else f"rendered, {copy}"
        found += [
            f"- {_name(e, exercises)}, {what} ({many(len(rows), 'clip')}): {why}."
            for (e,), rows in grouped(group, "exercise").items()
            if (why := _weakness(score_of(rows)))
        ]
    lines += [*(found or ["- No row."]), ""]
    weak = [v for v in data["views"] if v["turn"] == "0" and v["median"] > WEAK_ANGLE_DEG]
    if weak:
        names = ", ".join(
            f"`{v['metric']}` in the {v['view']} view ({v['median']:.0f}°)" for v in weak
        )
        lines += [
            f"Single angles that are wrong by more than {WEAK_ANGLE_DEG:.0f}° in the median, "
            f"even from "
            f"the camera that the exercise asks for: {names}. Rules that use them have bands "
            f"that were "
            "placed on what the metric reads, not on the true angle.",
            "",
        ]
    return lines


def _name(exercise_id: str, exercises: Mapping[str, Exercise]) -> str:
    return exercises[exercise_id].name if exercise_id in exercises else exercise_id


def _weakness(s: Score) -> str:
    """What is not good enough, "" for nothing."""
    words = []
    if s.due_s and s.recall < WEAK_RECALL:
        words.append(f"{percent(s.recall)} of {s.due_s:.0f} s of right form are credited")
    if s.wrong_s and s.false_credit > WEAK_CREDIT:
        words.append(f"{s.false_s:.1f} s of {s.wrong_s:.0f} s of wrong form or rest are credited")
    if s.named < s.planted:
        words.append(f"{s.named} of {s.planted} planted faults are named")
    if s.counted_clips and s.exact_clips < s.counted_clips:
        words.append(f"{s.counted} of {s.reps} repetitions are counted, and {s.phantoms} phantoms")
    if s.labelled_s and s.cant_tell > WEAK_CANT_TELL:
        words.append(f'{percent(s.cant_tell)} of the time is "can\'t tell"')
    if s.refused < s.refusals:
        words.append(f"{s.refusals - s.refused} of {s.refusals} that cannot be judged is judged")
    return "; ".join(words)


# --- tables -------------------------------------------------------------------------------------


def _by_exercise(title: str, rows: Rows, copies: Rows) -> list[str]:
    groups = {place: score_of(each) for place, each in grouped(rows, "exercise", "view").items()}
    worst = {place: _worst_copy(place[0], copies) for place in groups}
    lines = [f"## {title}", ""]
    if copies:
        lines += [
            'The last column names the changed copy in which the exercise fares worst ("–": no '
            "copy "
            "is worse than the clip itself).",
            "",
        ]
    holds = {place: s for place, s in groups.items() if s.due_s}
    real = not copies
    lines += table(
        ("hold", "view", "n", "due", "hold error, mean / worst",
         "credited outside the labels" if real else "false credit", "faults named",
         "calls that are true", "false alarm", "can't tell", "first credit after", "fault called "
         "after",
         *([] if real else ["worst copy"])),
        ([
            f"`{place[0]}`", place[1], many(len(s.hold_errors_s), "hold"), f"{s.due_s:.1f} s",
            f"{seconds(s.hold_errors_s, mean_size)} / {seconds(s.hold_errors_s, farthest)} s",
            f"{s.outside_s:.1f} s" if real else f"{s.false_s:.1f} of {s.wrong_s:.1f} s",
            ratio(s.named, s.planted), ratio(s.true_calls, s.true_calls + s.false_calls),
            f"{s.alarm_s:.1f} s", percent(s.cant_tell),
            _delay(s.credit_delays_s), _delay(s.fault_delays_s),
            *([] if real else [worst[place]]),
        ] for place, s in holds.items()),
    )  # fmt: skip
    counted = {place: s for place, s in groups.items() if s.counted_clips}
    lines += table(
        ("repetitions of", "view", "n", "shown", "counted", "phantoms", "can't tell",
         *([] if real else ["worst copy"])),
        ([
            f"`{place[0]}`", place[1], many(s.counted_clips, "recording"), str(s.reps),
            str(s.counted), str(s.phantoms), percent(s.cant_tell),
            *([] if real else [worst[place]]),
        ] for place, s in counted.items()),
    )  # fmt: skip
    refusals = score_of(rows).refusals
    if refusals:
        lines += [
            f"Clips that cannot be judged (a wrong view, legs outside the picture): "
            f"{score_of(rows).refused} of {refusals} are refused.",
            "",
        ]
    return lines


def _delay(values: Sequence[float]) -> str:
    return f"{median(values):.1f} s" if values else "–"


def _badness(s: Score) -> float:
    """How many seconds, faults (as 2 s) and repetitions (as 2 s) are wrong."""
    lost = s.due_s - s.got_s + s.false_s + s.alarm_s + 2.0 * (s.planted - s.named)
    return lost + 2.0 * (abs(s.reps - s.counted) + s.phantoms)


def _worst_copy(exercise: str, copies: Rows) -> str:
    """The changed copy that fares worst, and how."""
    own = [row for row in copies if row["exercise"] == exercise]
    scores = {name: score_of(rows) for (name,), rows in _by_copy(own).items()}
    if not scores:
        return "–"
    plain = scores[AS_IT_IS]
    name = max(scores, key=lambda each: _badness(scores[each]))
    s = scores[name]
    if _badness(s) <= _badness(plain) + 0.5:
        return "–"
    words = [f"{percent(s.recall)} credited"] if s.due_s else []
    words += [f"{s.false_s:.1f} s false credit"] if s.false_s > plain.false_s + 0.1 else []
    words += [f"{s.named} of {s.planted} faults"] if s.named < s.planted else []
    words += [f"{s.counted} of {s.reps} counted"] if s.counted_clips else []
    words += [many(s.phantoms, "phantom")] if s.phantoms else []
    return f"{name}: {', '.join(words)}"


def _changed(data: Data, clips: Rows) -> list[str]:
    lines = ["## Changed copies", ""]
    about = {**LANDMARKS, **PICTURES}
    names = [name for (name,) in _by_copy(clips) if name in about]
    pictured = [name for name in names if name in PICTURES]
    lines += [f"- **{name}**: {about[name][0]}." for name in names]
    lines += [
        "",
        "Copies of landmarks show what the judge makes of other numbers. They do not show what "
        "the model "
        "makes of other pictures: a mirrored copy, for instance, leaves out that the model "
        "itself is not "
        "quite symmetrical.",
        "",
    ]
    if pictured:
        chosen = ", ".join(f"`{name}`" for name in data["pictured"])
        lines += [
            f"The pictures of {many(len(data['pictured']), 'clip')} were changed before the full "
            f"model "
            f"saw them ({chosen}): short clips of people standing, kneeling, lying and in support, "
            "because each takes the model half a minute. The clips themselves are 480p.",
            "",
        ]
        lines += _pictured_table(data, clips, [AS_IT_IS, *pictured])
    return lines


def _pictured_table(data: Data, clips: Rows, names: Sequence[str]) -> list[str]:
    rows = []
    for name in names:
        s = score_of(r for r in clips if r["copy"] == name and r["name"] in data["pictured"])
        rows.append([
            name, str(s.clips), f"{percent(s.recall)} of {s.due_s:.0f} s", f"{s.false_s:.1f} s",
            ratio(s.named, s.planted), f"{s.counted} of {s.reps}", str(s.phantoms),
            percent(s.cant_tell),
        ])  # fmt: skip
    head = ("these clips", "n", "credited", "false credit", "faults named", "counted", "phantoms",
            "can't tell")  # fmt: skip
    return table(head, rows)


def _impostors(data: Data) -> list[str]:
    if not data["impostor_pairs"]:
        return []
    found = sorted(data["impostors"], key=lambda i: (-i["right_s"], -i["reps"]))
    lines = [
        "## Taken for another exercise",
        "",
        f"Every stream of a real person was judged as every other exercise, on each side: "
        f"{data['impostor_pairs']} pairs. Nothing should be called right for more than "
        f"{IMPOSTOR_S} s, and "
        f"no repetition counted. {'These were:' if found else 'Nothing was.'}",
        "",
    ]
    lines += table(
        ("stream", "judged as", "called right", "repetitions"),
        ([
            f"`{i['stream']}`", f"`{i['exercise']}`" + (f", {i['side']}" if i["side"] else ""),
            f"{i['right_s']:.1f} s", str(i["reps"]),
        ] for i in found),
    )  # fmt: skip
    return lines


def _angles(data: Data, plain: Rows) -> list[str]:
    lines = ["## Angle errors", ""]
    errors = score_of(plain).angle_errors_deg
    if errors:
        lines += [
            "In the rendered clips seen from the side, against the true joints as the picture "
            "shows them; "
            "the median error of each clip:",
            "",
        ]
        lines += table(
            ("metric", "clips", "median clip", "worst clip"),
            ([f"`{m}`", str(len(e)), f"{median(e):.1f}°", f"{max(e):.1f}°"]
             for m, e in sorted(errors.items())),
        )  # fmt: skip
    if data["views"]:
        lines += [
            "In stills from turned cameras (two rendered people, start and target of each "
            "exercise, right "
            "form), against the true angle in space, which a metric of the picture cannot read "
            "from any "
            "view. The turn is from the view that the exercise asks for, to either side. Each "
            "cell: median / "
            "90th percentile of the error in degrees (stills). Metrics ending in 3 or 3_abs, and "
            "`twist_abs`, "
            "use the model's depth.",
            "",
        ]
        turns = list(
            dict.fromkeys(v["turn"] for v in sorted(data["views"], key=lambda v: v["turn"]))
        )
        lines += table(
            ("metric", "view", *(f"turned {turn}°" for turn in turns)),
            ([f"`{metric}`", view, *(_angle_cell(rows, turn) for turn in turns)]
             for (metric, view), rows in grouped(data["views"], "metric", "view").items()),
        )  # fmt: skip
    return lines


def _angle_cell(rows: Rows, turn: str) -> str:
    for v in rows:
        if v["turn"] == turn:
            return f"{v['median']:.0f} / {v['p90']:.0f} ({v['stills']})"
    return "–"


def _latency(plain: Rows, streams: Rows) -> list[str]:
    s, real = score_of(plain), score_of(streams)
    lines = ["## How soon a verdict comes", ""]
    lines += table(
        ("from", "to", "n", "median", "worst"),
        ([what, to, str(len(v)), f"{median(v):.1f} s", f"{max(v):.1f} s"]
         for what, to, v in (
            ("the beginning of a planted fault", "its first call", s.fault_delays_s),
            ("the beginning of a rendered hold", "the first credit", s.credit_delays_s),
            ("the beginning of a labelled hold of a real person", "the first credit",
             real.credit_delays_s),
        ) if v),
    )  # fmt: skip
    lines += [
        "These are times of the recording: the patience of the rules and the smoothing. A fault "
        "begins "
        "with the movement into it. The time from a picture to the screen comes on top; "
        "`benchmarks/latency.py` measures it.",
        "",
    ]
    return lines


def _limits() -> list[str]:
    return [
        "## What these data do not prove",
        "",
        "- Most exercises have one clip of one rendered person. A figure of 100 % says that this "
        "clip is "
        "judged rightly, not that every person is.",
        "- The rules were developed with these clips at hand, and some with these streams. The "
        "figures "
        "are therefore better than those of people, rooms and cameras that nobody has seen.",
        "- Nobody in the streams makes a mistake on purpose, has pain, or is older or heavier "
        "than the "
        "trainers who made most of them. Whether faults of such people are named is not known.",
        "- Labels made by eye are right to 0.3 s; a hold error below that means nothing.",
        "- The rendered people wear close-fitting clothes in a lit and tidy room.",
        "- Correct means inside the bands of the rules, which come from the sources in "
        "[biomechanics.md](biomechanics.md). Nothing here shows that an exercise helps or is safe.",
        "- Sitting at the desk, seconds of the routine that no camera checks, and the lite model "
        "are not "
        "measured here.",
        "",
    ]


def _definitions() -> list[str]:
    return [
        "## What the words mean",
        "",
        f"- **due**: time of right form, of rendered clips without the first {GRACE_S:g} s of "
        f"each hold.",
        "- **hold error**: of each hold, credited minus due seconds. The mean ignores the sign; "
        "the worst "
        "keeps it: below 0 is time lost.",
        "- **false credit**: credited seconds of planted faults and of rest, without the first "
        f"{GRACE_S:g} s of each. Credit outside the labels of a stream is not called false, "
        f"since nobody "
        "labelled that time as wrong.",
        f"- **faults named** (recall): planted faults for which an accepted rule was called for "
        f"{NAMED_S} s.",
        "- **calls that are true** (precision): of the rules that were called in planted faults "
        "that they "
        "name and in right holds, those of the planted faults. Each counts once for each "
        "stretch. Rules "
        "that are called beside the planted one, or on the way between poses, are left out: "
        "whether they "
        "are right is not known.",
        "- **false alarm**: time of right holds in which a rule that stops the timer is called "
        "broken.",
        "- **repetitions right**: recordings with the right number and no phantom. A **phantom** "
        "is a "
        "repetition that is counted where none was shown.",
        "- **can't tell**: share of the labelled time (holds, planted faults, repetitions) of "
        "which the "
        "program says that it cannot judge.",
        "",
    ]


def _repeat() -> list[str]:
    return [
        "## How to repeat it",
        "",
        "```sh",
        "uv run posecheck analyze CLIP.mp4 --exercise ID --side left --record "
        "RECORDINGS/CLIP.rec --out OUT",
        "uv run python benchmarks/accuracy.py --truth CLIPS --recordings RECORDINGS --streams "
        "STREAMS \\",
        "    --views VIEWS --pictures CLIP ... --page docs/accuracy.md",
        "```",
        "",
        "The folders of all clips, streams and views are too large for the project. Without "
        "folders the "
        "benchmark judges what the project contains: a part of the clips and streams, as "
        "landmarks, in "
        "`tests/recordings`. `tests/accuracy.json` holds the figures of these, and "
        "`tests/test_accuracy.py` "
        "fails when a change makes one of them worse by more than `TOLERANCES` in "
        "`benchmarks/accuracy_baseline.py`. After a change that is meant to move them:",
        "",
        "```sh",
        "uv run python benchmarks/accuracy.py --baseline",
        "git diff tests/accuracy.json        # every recording whose figures moved",
        "```",
    ]
