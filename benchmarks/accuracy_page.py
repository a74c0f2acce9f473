"""Writes `docs/accuracy.md` from the figures of `accuracy.py`: tables, and sentences made from "
"them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from statistics import median
from typing import Any

from accuracy_baseline import TOLERANCES
from changed_copies import LANDMARKS, PICTURES
from scoring import GRACE_S, IMPOSTOR_S, NAMED_S, Score, total

from posecheck.exercise import Exercise

Data = Mapping[str, Any]
Rows = Sequence[Data]

AS_IT_IS = "unchanged"
TEMPLATE = Path(__file__).with_name("accuracy_template.md")
WEAK_RECALL, WEAK_CREDIT, WEAK_ALARM, WEAK_CANT_TELL = 0.85, 0.02, 0.05, 0.15
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
    """The whole page: the template with its tables and sentences."""
    clips: Rows = data["clips"]
    plain = [row for row in clips if row["copy"] == AS_IT_IS]
    streams: Rows = data["streams"]
    parts = {
        "data": _data(plain, streams),
        "coverage": _coverage(plain, streams, exercises),
        "short": _short(clips, streams),
        "impostors_short": _impostors_short(data),
        "unreliable": [
            *_unreliable(clips, streams, exercises),
            *_mistaken(data, exercises),
        ],
        "weak_angles": _weak_angles(data),
        "clip_tables": [*_holds(plain, clips), *_repetitions(plain, clips)],
        "refusals": _refusals(plain),
        "stream_tables": [*_real_holds(streams), *_repetitions(streams, ())],
        "copies": _copies(clips),
        "pictured": _pictured(data, clips),
        "impostors": _impostors(data["impostors"]),
        "clip_impostors": _impostors(data["clip_impostors"]),
        "clip_angles": _clip_angles(plain),
        "view_angles": _view_angles(data["views"]),
        "delays": _delays(plain, streams),
        "tolerances": _tolerances(),
    }
    numbers = {
        "weak_recall": percent(WEAK_RECALL), "weak_credit": percent(WEAK_CREDIT),
        "weak_alarm": percent(WEAK_ALARM), "weak_cant_tell": percent(WEAK_CANT_TELL),
        "pairs": str(data["impostor_pairs"]), "clip_pairs": str(data["clip_impostor_pairs"]),
        "impostor_s": f"{IMPOSTOR_S:g}", "grace": f"{GRACE_S:g}", "named": f"{NAMED_S:g}",
    }  # fmt: skip
    texts = {name: "\n".join(lines) for name, lines in parts.items()}
    return TEMPLATE.read_text(encoding="utf-8").format_map({**texts, **numbers})


def _data(plain: Rows, streams: Rows) -> list[str]:
    rendered, real = ({row["exercise"] for row in rows} for rows in (plain, streams))
    rows = [
        ("rendered clips", len(plain), len(rendered), "exact, for every picture"),
        ("labelled streams of real people", len(streams), len(real), "by eye, ± 0.3 s"),
    ]
    return table(
        ("data", "recordings", "exercises", "truth"),
        ([name, str(n), str(m), truth] for name, n, m, truth in rows),
    )


def _coverage(plain: Rows, streams: Rows, exercises: Mapping[str, Exercise]) -> list[str]:
    """Which exercises there are no data of."""
    checked = {e.id for e in exercises.values() if e.check != "none"}
    lines = [f"{len(checked)} exercises are form-checked."]
    for rows, what in ((plain, "rendered clip"), (streams, "labelled stream of a real person")):
        missing = sorted(checked - {row["exercise"] for row in rows})
        names = f": {', '.join(f'`{each}`' for each in missing)}" if missing else ""
        lines.append(f"Without a {what}: {len(missing)}{names}.")
    return ["\n".join(lines)]


def _short(clips: Rows, streams: Rows) -> list[str]:
    named = {f"rendered clips, {name}": rows for name, rows in _by_copy(clips).items()}
    named["real people"] = list(streams)
    for (view,), rows in grouped(streams, "view").items():
        named[f"real people, {view}"] = rows
    sums = {name: score_of(rows) for name, rows in named.items()}
    return table(
        ("recordings", "n", "right form credited", "false credit", "planted faults named",
         "calls that are true", "false alarm", "recordings with the right repetitions",
         "phantoms", "can't tell"),
        ([
            name, str(s.clips), f"{percent(s.recall)} of {s.due_s:.0f} s",
            f"{percent(s.false_credit)} of {s.wrong_s:.0f} s" if s.wrong_s else "–",
            ratio(s.named, s.planted), _precision(s), f"{s.alarm_s:.1f} s",
            ratio(s.exact_clips, s.counted_clips), str(s.phantoms) if s.counted_clips else "–",
            percent(s.cant_tell),
        ] for name, s in sums.items()),
    )  # fmt: skip


def _precision(s: Score) -> str:
    """Nothing is said where no fault was planted: then every call is false."""
    return ratio(s.true_calls, s.true_calls + s.false_calls) if s.planted else "–"


def _impostors_short(data: Data) -> list[str]:
    lines = []
    for what, key in (("real person", "impostor"), ("rendered clip", "clip_impostor")):
        found, pairs = data[f"{key}s"], data[f"{key}_pairs"]
        right_s, reps = sum(i["right_s"] for i in found), sum(i["reps"] for i in found)
        lines += [
            f"{len(found)} of {pairs} pairs of a {what} and an exercise not shown were mistaken:",
            f"{right_s:.1f} s were called right and {many(reps, 'repetition')} counted in all.",
        ]
    return lines


def _by_copy(clips: Rows) -> dict[str, list[Data]]:
    """By changed copy, in the order in which they were made."""
    order = dict.fromkeys(row["copy"] for row in clips)
    return {name: [row for row in clips if row["copy"] == name] for name in order}


# --- what is not reliable -----------------------------------------------------------------------


def _unreliable(clips: Rows, streams: Rows, exercises: Mapping[str, Exercise]) -> list[str]:
    found = [
        f"- {_name(e, exercises)}, real people, {view} view ({many(len(rows), 'stream')}): {why}."
        for (e, view), rows in grouped(streams, "exercise", "view").items()
        if (why := _weakness(score_of(rows)))
    ]
    for copy, group in _by_copy(clips).items():
        what = "rendered" if copy == AS_IT_IS else f"rendered, {copy}"
        found += [
            f"- {_name(e, exercises)}, {what} ({many(len(rows), 'clip')}): {why}."
            for (e,), rows in grouped(group, "exercise").items()
            if (why := _weakness(score_of(rows)))
        ]
    return found or ["- No row."]


def _mistaken(data: Data, exercises: Mapping[str, Exercise]) -> list[str]:
    """Recordings that are taken for another exercise, each with all of those."""
    lines = []
    both = [*data["impostors"], *data["clip_impostors"]]
    for (name,), found in grouped(both, "stream").items():
        taken = dict.fromkeys(_name(i["exercise"], exercises) for i in found)
        longest = max(i["right_s"] for i in found)
        lines.append(
            f"- `{name}`, judged as another exercise, is taken for {' and '.join(taken)}: up to "
            f"{longest:.1f} s are called right."
        )
    return lines


def _weak_angles(data: Data) -> list[str]:
    weak = [v for v in data["views"] if v["turn"] == "0" and v["median"] > WEAK_ANGLE_DEG]
    if not weak:
        return []
    names = (f"`{v['metric']}` in the {v['view']} view ({v['median']:.0f}°)" for v in weak)
    return [
        f"Single angles that are wrong by more than {WEAK_ANGLE_DEG:.0f}° in the median, even from",
        "the camera that the exercise asks for:",
        f"{', '.join(names)}.",
        "What a rule compares with its band there is what the metric reads, not the true angle.",
    ]


def _name(exercise_id: str, exercises: Mapping[str, Exercise]) -> str:
    return exercises[exercise_id].name if exercise_id in exercises else exercise_id


def _weakness(s: Score) -> str:
    """What is not good enough, "" for nothing."""
    words = []
    if s.due_s and s.recall < WEAK_RECALL:
        words.append(f"{percent(s.recall)} of {s.due_s:.0f} s of right form are credited")
    if s.wrong_s and s.false_credit > WEAK_CREDIT:
        words.append(f"{s.false_s:.1f} s of {s.wrong_s:.0f} s of wrong form or rest are credited")
    if s.due_s and s.alarm_s > WEAK_ALARM * s.due_s:
        words.append(f"{s.alarm_s:.1f} s of {s.due_s:.0f} s of right form are called wrong")
    if s.named < s.planted:
        words.append(f"{s.named} of {s.planted} planted faults are named")
    if s.counted_clips and s.exact_clips < s.counted_clips:
        words.append(
            f"{s.counted} of {s.reps} repetitions are counted, {many(s.phantoms, 'phantom')}"
        )
    if s.labelled_s and s.cant_tell > WEAK_CANT_TELL:
        words.append(f'{percent(s.cant_tell)} of the time is "can\'t tell"')
    if s.refused < s.refusals:
        words.append(f"{s.refusals - s.refused} of {s.refusals} that cannot be judged is judged")
    return "; ".join(words)


# --- tables -------------------------------------------------------------------------------------


def _holds(rows: Rows, copies: Rows) -> list[str]:
    """The holds of rendered clips."""
    return table(
        ("hold", "view", "n", "due", "hold error, mean / worst", "false credit", "faults named",
         "calls that are true", "false alarm", "can't tell", "first credit after",
         "fault called after", "worst copy"),
        ([
            *_hold_cells(place, s), f"{s.false_s:.1f} of {s.wrong_s:.1f} s",
            ratio(s.named, s.planted), _precision(s), f"{s.alarm_s:.1f} s", percent(s.cant_tell),
            _delay(s.credit_delays_s), _delay(s.fault_delays_s), _worst_copy(place[0], copies),
        ] for place, s in _places(rows).items() if s.due_s),
    )  # fmt: skip


def _real_holds(rows: Rows) -> list[str]:
    """The holds of real people, in which no fault was planted."""
    return table(
        ("hold", "view", "n", "due", "hold error, mean / worst", "credited outside the labels",
         "false calls", "false alarm", "can't tell", "first credit after"),
        ([
            *_hold_cells(place, s), f"{s.outside_s:.1f} s", str(s.false_calls),
            f"{s.alarm_s:.1f} s", percent(s.cant_tell), _delay(s.credit_delays_s),
        ] for place, s in _places(rows).items() if s.due_s),
    )  # fmt: skip


def _places(rows: Rows) -> dict[tuple[str, ...], Score]:
    """The sum of each exercise and view."""
    return {place: score_of(each) for place, each in grouped(rows, "exercise", "view").items()}


def _hold_cells(place: tuple[str, ...], s: Score) -> list[str]:
    errors = s.hold_errors_s
    return [
        f"`{place[0]}`", place[1], many(len(errors), "hold"), f"{s.due_s:.1f} s",
        f"{seconds(errors, mean_size)} / {seconds(errors, farthest)} s",
    ]  # fmt: skip


def _repetitions(rows: Rows, copies: Rows) -> list[str]:
    """Repetitions; with a column for the worst copy when there are copies."""
    head = ("repetitions of", "view", "n", "shown", "counted", "phantoms", "can't tell")
    return table(
        (*head, "worst copy") if copies else head,
        ([
            f"`{place[0]}`", place[1], many(s.counted_clips, "recording"), str(s.reps),
            str(s.counted), str(s.phantoms), percent(s.cant_tell),
            *([_worst_copy(place[0], copies)] if copies else []),
        ] for place, s in _places(rows).items() if s.counted_clips),
    )  # fmt: skip


def _refusals(plain: Rows) -> list[str]:
    s = score_of(plain)
    return [
        "Clips that cannot be judged, because of a wrong view or legs outside the picture:",
        f"{s.refused} of {s.refusals} are refused.",
    ]


def _delay(values: Sequence[float]) -> str:
    return f"{median(values):.1f} s" if values else "–"


def _badness(s: Score) -> float:
    """How many seconds, faults (as 2 s) and repetitions (as 2 s) are wrong."""
    lost = s.due_s - s.got_s + s.false_s + s.alarm_s + 2.0 * (s.planted - s.named)
    return lost + 2.0 * (abs(s.reps - s.counted) + s.phantoms)


def _worst_copy(exercise: str, copies: Rows) -> str:
    """The changed copy that fares worst, and how."""
    own = [row for row in copies if row["exercise"] == exercise]
    scores = {name: score_of(rows) for name, rows in _by_copy(own).items()}
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


def _copies(clips: Rows) -> list[str]:
    about = {**LANDMARKS, **PICTURES}
    return [f"- **{name}**: {about[name][0]}." for name in _by_copy(clips) if name in about]


def _pictured(data: Data, clips: Rows) -> list[str]:
    names = [name for name in _by_copy(clips) if name in PICTURES]
    if not names:
        return []
    chosen = ", ".join(f"`{name}`" for name in data["pictured"])
    count = many(len(data["pictured"]), "clip")
    return [
        f"The pictures of {count} were changed before the full model saw them: short clips of",
        "people standing, kneeling, lying and in support, because the model takes long. They are",
        f"{chosen}. The clips themselves are 480p.",
        "",
        *_pictured_table(data, clips, [AS_IT_IS, *names]),
    ]


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


def _impostors(found: Rows) -> list[str]:
    ordered = sorted(found, key=lambda i: (-i["right_s"], -i["reps"]))
    lines = table(
        ("recording", "judged as", "called right", "repetitions"),
        ([
            f"`{i['stream']}`", ", ".join(filter(None, (f"`{i['exercise']}`", i["side"]))),
            f"{i['right_s']:.1f} s", str(i["reps"]),
        ] for i in ordered),
    )  # fmt: skip
    return lines or ["None.", ""]


def _clip_angles(plain: Rows) -> list[str]:
    errors = score_of(plain).angle_errors_deg
    return table(
        ("metric", "clips", "median clip", "worst clip"),
        ([f"`{m}`", str(len(e)), f"{median(e):.1f}°", f"{max(e):.1f}°"]
         for m, e in sorted(errors.items())),
    )  # fmt: skip


def _view_angles(views: Rows) -> list[str]:
    turns = sorted({v["turn"] for v in views})
    return table(
        ("metric", "view", *(f"turned {turn}°" for turn in turns)),
        ([f"`{metric}`", view, *(_angle_cell(rows, turn) for turn in turns)]
         for (metric, view), rows in grouped(views, "metric", "view").items()),
    )  # fmt: skip


def _angle_cell(rows: Rows, turn: str) -> str:
    for v in rows:
        if v["turn"] == turn:
            return f"{v['median']:.0f} / {v['p90']:.0f} ({v['stills']})"
    return "–"


def _delays(plain: Rows, streams: Rows) -> list[str]:
    s, real = score_of(plain), score_of(streams)
    rows = (
        ("the beginning of a planted fault", "its first call", s.fault_delays_s),
        ("the beginning of a rendered hold", "the first credit", s.credit_delays_s),
        ("the beginning of a real person's hold", "the first credit", real.credit_delays_s),
    )
    return table(
        ("from", "to", "n", "median", "worst"),
        ([begin, end, str(len(v)), f"{median(v):.1f} s", f"{max(v):.1f} s"]
         for begin, end, v in rows if v),
    )  # fmt: skip


def _tolerances() -> list[str]:
    return table(
        ("figure", "better is", "may become worse by"),
        ([f"`{name}`", "more" if better > 0 else "less", f"{most:g}" if most else "nothing"]
         for name, (better, most) in TOLERANCES.items()),
    )  # fmt: skip
