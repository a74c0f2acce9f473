"""Paints a moment: the frame with what posecheck saw, counted and would have said.

Pictures are drawn with OpenCV, texts with Pillow, whose own font has the degree sign; each text
is rendered once and kept. The state is told by colour, word and icon together. A state that may
not be known is never shown as right.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from posecheck.app import Moment
from posecheck.body import near_side
from posecheck.cues import seconds_left
from posecheck.exercise import Rule
from posecheck.io.opencv import cv2
from posecheck.measure import resolve
from posecheck.pacing import top_fault
from posecheck.pose import BONES, PAIRED, Pose, Side, joint, opposite
from posecheck.session import SessionView
from posecheck.wording import Shown, short_name, shown_state, value_words

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

COLOURS: Mapping[Shown, Colour] = {  # red, green, blue; told apart by the colour-blind too
    "ready": (66, 133, 244),
    "active": (34, 160, 90),
    "paused": (240, 150, 20),
    "unseen": (128, 134, 150),
    "unchecked": (128, 134, 150),
    "rest": (60, 150, 180),
    "done": (34, 160, 90),
}
WHITE: Colour = (255, 255, 255)
INK: Colour = (20, 24, 32)

_TICK = (((0.1, 0.55), (0.4, 0.85), (0.9, 0.15)),)
_DOT = ((0.5, 0.85), (0.5, 1.02))
_HOOK = ((0.2, 0.25), (0.35, 0.07), (0.65, 0.07), (0.8, 0.28), (0.5, 0.5), (0.5, 0.62))

ICONS: Mapping[Shown, tuple[tuple[tuple[float, float], ...], ...]] = {
    "active": _TICK,
    "done": _TICK,
    "paused": (((0.5, 0.0), (0.5, 0.62)), _DOT),  # an exclamation mark
    "unseen": (_HOOK, _DOT),  # a question mark
    "rest": (((0.3, 0.1), (0.3, 0.9)), ((0.7, 0.1), (0.7, 0.9))),
    "ready": (((0.25, 0.1), (0.8, 0.5), (0.25, 0.9), (0.25, 0.1)),),
    "unchecked": (((0.1, 0.5), (0.9, 0.5)),),
}
"""Lines in a unit square."""


def paint(moment: Moment, phrases: Mapping[str, str]) -> Picture:
    """The frame of a moment with everything drawn on it; the frame itself is left alone."""
    picture = moment.frame.image.copy()
    height, width = picture.shape[:2]
    unit = max(0.5, min(width, height) / 480)
    view = moment.view
    state = shown_state(view)
    if moment.pose is not None:
        _skeleton(picture, moment.pose, unit, state)
    edge = round(8 * unit)
    top = edge + _state(picture, phrases, state, edge, unit)
    foot = _caption(picture, moment.screen, _title(view, phrases), edge, unit)
    _count(picture, view, edge, unit)
    if moment.pose is not None and (rule := top_fault(view)) is not None:
        words = value_words(phrases, rule, view.values)
        _note(picture, words, _place(rule, moment.pose, view.task.side), (edge, top, foot), unit)
    cv2.rectangle(picture, (0, 0), (width - 1, height - 1), COLOURS[state][::-1], 2 * edge)
    return picture


def _skeleton(picture: Picture, pose: Pose, unit: float, state: Shown) -> None:
    """Bones and joints that were seen; what was not seen is not drawn."""
    seen = [x == x for x, _ in pose.px.tolist()]
    points = np.nan_to_num(pose.px).round().astype(int).tolist()
    for a, b in BONES:
        if seen[a] and seen[b]:
            cv2.line(picture, points[a], points[b], INK, round(5 * unit), cv2.LINE_AA)
            cv2.line(picture, points[a], points[b], WHITE, round(3 * unit), cv2.LINE_AA)
    for index in sorted({index for bone in BONES for index in bone}):
        if seen[index]:
            colour = COLOURS[state][::-1]
            cv2.circle(picture, points[index], round(4 * unit), colour, -1, cv2.LINE_AA)


def _state(
    picture: Picture, phrases: Mapping[str, str], state: Shown, edge: int, unit: float
) -> int:
    """Icon and word at the top left; the height used."""
    label = _label(phrases[f"state_{state}"], round(28 * unit), WHITE, COLOURS[state], state)
    _lay(picture, label, edge, edge)
    return len(label)


def _count(picture: Picture, view: SessionView, edge: int, unit: float) -> None:
    """Big seconds or repetitions at the top right: what is left if there is a target."""
    left = seconds_left(view)
    if view.phase == "rest":
        text = f"{view.rest_s:.0f} s"
    elif view.task.exercise.category == "reps":
        text = f"{view.progress.reps}" + (f" / {view.task.reps}" if view.task.reps else "")
    elif left is not None:
        text = f"{max(0.0, left):.0f} s"
    else:
        text = f"{int(view.progress.held_s or view.progress.unseen_s)} s"
    label = _label(text, round(58 * unit), WHITE, INK)
    _lay(picture, label, picture.shape[1] - edge - label.shape[1], edge)


def _title(view: SessionView, phrases: Mapping[str, str]) -> str:
    side = view.task.side
    return short_name(view.task.exercise) + (f", {phrases[f'side_{side}']}" if side else "")


def _caption(picture: Picture, cue: str, title: str, edge: int, unit: float) -> int:
    """The cue and the exercise at the bottom; where they begin."""
    height, width = picture.shape[:2]
    room = width - 2 * edge
    rows = [
        _label(row, round(size * unit), WHITE)
        for text, size in ((cue, 34), (title, 20))
        for row in _rows(text, round(size * unit), room)
    ]
    y = start = int(height) - edge - sum(len(row) for row in rows)
    _dim(picture, (edge, start, width - edge, height - edge))
    for row in rows:
        _lay(picture, row, edge + (room - row.shape[1]) // 2, y)
        y += len(row)
    return start


def _note(
    picture: Picture, text: str, at: complex | None, room: tuple[int, int, int], unit: float
) -> None:
    """A value beside its joint, kept between the state above and the caption below."""
    if not text or at is None:
        return
    edge, top, foot = room
    label = _label(text, round(20 * unit), INK, WHITE)
    height, width = label.shape[:2]
    x, last = at.real + 14 * unit, picture.shape[1] - edge - width
    if x > last:
        x = at.real - 14 * unit - width
    y = max(top, edge + round(87 * unit), min(at.imag - height / 2, foot - height))
    _lay(picture, label, round(max(edge, min(x, last))), round(y))


def _place(rule: Rule, pose: Pose, work: Side | None) -> complex | None:
    """Where in the picture a rule's value belongs; None when none of its joints was seen."""
    measure = resolve(rule.metric)
    near = near_side(pose)
    working = work or near
    sides: Mapping[str, Side] = {
        "left": "left", "right": "right", "far": opposite(near), "work": working,
        "other": opposite(working),
    }  # fmt: skip
    name = measure.metric.name.split("_")[0]  # the knee of knee_angle
    ends = tuple(part for part, _ in measure.ends)
    parts = (name,) if name in PAIRED else measure.metric.joints or ends
    points = [pose.px[joint(part, sides.get(measure.side, near))] for part in parts]
    seen = [complex(x, y) for x, y in points if x == x]
    return sum(seen) / len(seen) if seen else None


def _rows(text: str, size: int, room: int) -> list[str]:
    """The text in as many rows as fit the width."""
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and _label(longer, size, WHITE).shape[1] <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


@lru_cache(maxsize=256)
def _label(
    text: str, size: int, ink: Colour, ground: Colour | None = None, icon: Shown | None = None
) -> Picture:
    """A text, an icon before it, on a ground or on none; RGBA."""
    font = ImageFont.load_default(size)
    pad = max(2, size // 4)
    start = 2 * pad + (round(size * 0.9) if icon else 0)
    width = start + round(font.getlength(text)) + 2 * pad
    image = Image.new("RGBA", (width, round(size * 1.2) + pad), (*ground, 215) if ground else 0)
    draw = ImageDraw.Draw(image)
    draw.text((start, image.height / 2), text, font=font, fill=(*ink, 255), anchor="lm")
    for line in ICONS[icon] if icon else ():
        low = (image.height - size * 0.75) / 2
        points = [(pad + x * size * 0.75, low + y * size * 0.75) for x, y in line]
        draw.line(points, fill=(*ink, 255), width=max(2, size // 6), joint="curve")
    return np.array(image)


def _lay(picture: Picture, label: Picture, x: int, y: int) -> None:
    """Put a label on the picture, as far as it is inside."""
    x, y = max(0, x), max(0, y)
    part = picture[y : y + label.shape[0], x : x + label.shape[1]]
    label = label[: part.shape[0], : part.shape[1]]
    share = label[..., 3:].astype(np.uint16)
    part[:] = (part * (255 - share) + label[..., 2::-1] * share) // 255


def _dim(picture: Picture, box: tuple[int, int, int, int]) -> None:
    part = picture[box[1] : box[3], box[0] : box[2]]
    part[:] = part // 3
