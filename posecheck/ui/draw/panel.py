"""The panel beside the picture: ring and number, instruction picture, seconds so far, choices."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from posecheck.coach.scene import DisplayState, Option
from posecheck.ui.draw.lettering import height_of, letter_digits
from posecheck.ui.draw.picture import contained
from posecheck.ui.draw.sheet import GAP, Icon, Sheet

UNIT, TOLD, CHOICE = 40.0, 36.0, 60.0
TOLD_WIDE, TOLD_HIGH = 5.2, 1.5
"""Width of an icon and "1234 s", height of a row of them, in sizes of their letters."""
SMALLEST = 110.0
"""Width of an instruction picture in which something can still be made out."""
RING = 0.055
"""Thickness of the ring in its diameters."""
SIDE_BY_SIDE = 0.95
"""Width for height above which the picture stands beside the ring rather than below it."""
PICTURE = 4 / 3
"""Shape of the instruction pictures."""


class Panel:
    """Fills one box of a sheet."""

    def __init__(self, sheet: Sheet, box: QRectF) -> None:
        sheet.card(box, sheet.theme.card)
        pad = sheet.unit * GAP * 1.2
        self._sheet = sheet
        self._gap = sheet.unit * GAP
        self._box = box.adjusted(pad, pad, -pad, -pad)
        self._told_px = sheet.size * TOLD

    def show(self) -> None:
        """What the words have of number, picture and seconds so far."""
        words, box = self._sheet.words, self._box
        others = words.picture or bool(words.seconds_by_verdict)
        if not words.count:
            self._below_each_other(box)
        elif not others:
            side = min(box.width(), box.height())
            self._ring(_centred(box, side, side))
        elif box.width() >= SIDE_BY_SIDE * box.height():
            least = TOLD_WIDE * self._told_px + 1.3 * self._gap
            side = min(box.height(), 0.64 * box.width(), box.width() - least)
            self._ring(QRectF(box.x(), box.center().y() - side / 2, side, side))
            self._column(box.adjusted(side + 1.3 * self._gap, 0, 0, 0))
        else:
            side = min(box.width(), 0.62 * box.height())
            self._ring(QRectF(box.center().x() - side / 2, box.y(), side, side))
            self._below_each_other(box.adjusted(0, side + self._gap, 0, 0))

    def _column(self, box: QRectF) -> None:
        """Picture and seconds in the middle of the height, in rows where the column is narrow."""
        words = self._sheet.words
        rows = 1 if box.width() >= 3 * TOLD_WIDE * self._told_px else 3
        high = TOLD_HIGH * self._told_px * rows if words.seconds_by_verdict else 0.0
        between = self._gap if words.seconds_by_verdict and words.picture else 0.0
        shown = contained(box.adjusted(0, 0, 0, -high - between), PICTURE)
        if not words.picture or shown.width() < SMALLEST * self._sheet.unit:
            shown = QRectF(box.center().x(), 0, 0, 0)
        top = box.center().y() - (shown.height() + between + high) / 2
        if shown.width():
            shown.moveTop(round(top))
            self._sheet.page.picture = shown
        if words.seconds_by_verdict:
            wide = TOLD_WIDE * self._told_px * (3 if rows == 1 else 1)
            wide = min(box.width(), max(wide, shown.width()))
            left = shown.center().x() - wide / 2
            self._told(
                words.seconds_by_verdict,
                QRectF(left, top + shown.height() + between, wide, high),
                rows,
            )

    def _below_each_other(self, box: QRectF) -> None:
        """The picture, and the seconds in a row at the bottom; alone they are large."""
        words = self._sheet.words
        if words.seconds_by_verdict and not words.picture and not words.count:
            high = min(0.8 * box.height(), 0.6 * box.width())
            self._told(words.seconds_by_verdict, _centred(box, 0.9 * high, high), 3)
            return
        if words.seconds_by_verdict:
            high = min(TOLD_HIGH * self._told_px, 0.45 * box.height())
            row = QRectF(box.x(), box.bottom() - high, box.width(), high)
            self._told(words.seconds_by_verdict, row, 1)
            box = box.adjusted(0, 0, 0, -high - self._gap)
        shown = contained(box, PICTURE)
        if words.picture and shown.width() >= SMALLEST * self._sheet.unit:
            self._sheet.page.picture = shown

    def _ring(self, square: QRectF) -> None:
        """The number inside, and its unit below it."""
        sheet = self._sheet
        sheet.page.ring = square
        side, centre = square.width(), square.center()
        inside = side * (0.5 - 1.35 * RING)
        unit = min(sheet.size * UNIT, 0.11 * side) if sheet.words.unit else 0.0
        digits = letter_digits(sheet.words.count, centre, inside, 0.75 * unit, sheet.theme.ink)
        sheet.page.texts.append(digits)
        if not unit:
            return
        top = digits.rect.bottom() + 0.4 * unit
        low = min(inside, top + height_of(unit) - centre.y())
        half = max(unit, (inside**2 - low**2) ** 0.5)
        box = QRectF(centre.x() - half, top, 2 * half, height_of(unit) + 1)
        sheet.text(sheet.words.unit, box, UNIT, sheet.theme.muted, align="centre")

    def _told(self, seconds_by_verdict: tuple[int, int, int], box: QRectF, rows: int) -> None:
        """Seconds correct, wrong and not to be told, each with the icon of its state."""
        sheet, columns = self._sheet, 3 // rows
        looks: tuple[DisplayState, ...] = ("active", "paused", "unseen")
        width, height = box.width() / columns, box.height() / rows
        size = max(TOLD, 0.6 * height / sheet.size) if rows == 3 else TOLD
        icon = min(0.55 * height, 0.26 * width, 0.85 * sheet.size * size)
        for index, (display_state, seconds) in enumerate(
            zip(looks, seconds_by_verdict, strict=True)
        ):
            x, y = box.x() + (index % columns) * width, box.y() + (index // columns) * height
            at = QRectF(x, y + (height - icon) / 2, icon, icon)
            sheet.page.icons.append(Icon(display_state, at, sheet.theme.looks[display_state]))
            text = QRectF(x + 1.45 * icon, y, width - 1.45 * icon, height)
            sheet.text(f"{seconds} s", text, size, sheet.theme.ink)

    def choose(self, options: tuple[Option, ...]) -> None:
        """Key caps and words, one below the other, as large as they fit."""
        sheet, box, gap = self._sheet, self._box, self._gap
        height = min(sheet.size * 120, (box.height() + gap) / len(options) - gap)
        size = min(CHOICE, 0.5 * height / sheet.size)
        cap = max(height, *(sheet.width(o.key, size, True) + 0.6 * height for o in options))
        cap, between = min(cap, 0.4 * box.width()), 1.6 * gap
        words = max(sheet.width(option.words, size) for option in options)
        words = min(words, box.width() - cap - between)
        x = box.center().x() - (cap + between + words) / 2
        y = box.center().y() - (len(options) * (height + gap) - gap) / 2
        for option in options:
            sheet.key(option.key, QRectF(x, y, cap, height), size)
            beside = QRectF(x + cap + between, y, words, height)
            sheet.text(option.words, beside, size, sheet.theme.ink, rows=2)
            y += height + gap


def _centred(box: QRectF, width: float, height: float) -> QRectF:
    centre = box.center()
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
