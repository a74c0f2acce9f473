"""The painter: every state and size is drawn, no text is cut, no text is mirrored."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from bodies import Arm, Figure, without
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from shipped import EXERCISES, LIBRARY

from posecheck.coach.scene import DisplayState, FaultAnnotation, Option, Scene
from posecheck.coach.wording import short_name
from posecheck.io.routines.language import languages, load_phrases, translated
from posecheck.pose import Joint, Pose, Side
from posecheck.session.placement import Outline
from posecheck.ui.draw.callout import CalloutPlace, callout_parts, callout_size, face_of
from posecheck.ui.draw.lettering import Lettering, letter, write
from posecheck.ui.draw.outline import draw_outline
from posecheck.ui.draw.painter import arrangement_of, no_pictures, paint, rendered
from posecheck.ui.draw.picture import array_of
from posecheck.ui.draw.skeleton import Places
from posecheck.ui.draw.theme import (
    DARK_SCENE,
    LIGHT_SCENE,
    MIN_CONTRAST,
    Rgb,
    SceneColours,
    contrast,
    ink_on,
)

pytestmark = [pytest.mark.gui, pytest.mark.usefixtures("qapp")]

STATES: tuple[DisplayState, ...] = get_args(DisplayState)
SIZES = ((1920, 1080), (1280, 720), (800, 600), (1024, 768), (720, 1280))
PHRASES = load_phrases("en")
LONGEST_NAME = max((e.name for e in EXERCISES.values()), key=len)
LONGEST_CUE = max((r.cue for e in EXERCISES.values() for r in e.rules), key=len)
KEYS = (Option("Space", "Pause"), Option("←", "Back"), Option("→", "Leave it out"),
        Option("P", "It hurts"), Option("H", "What can I do?"))  # fmt: skip
POSE = Figure(facing=20, left_arm=Arm(80, 90), right_arm=Arm(30, 90)).pose((640, 480), 180)
MARK = FaultAnnotation(
    ((Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),), Joint.LEFT_ELBOW,
    "about 30°, wanted 35 to 55°", 30, 35, 55, (20, 70), "must",
)  # fmt: skip
FULL = Scene(
    "paused", "find your place", cue=LONGEST_CUE, detail="Stand side-on, feet hip-width apart",
    title=LONGEST_NAME, side="your right", sets="set 10 of 12", count="120", unit="seconds left",
    share=0.4, exercise="plank", pose=POSE, annotation=MARK, steps=(1.0, 0.5, *[0.0] * 18), now=1,
    coming=f"Next: {LONGEST_NAME}", options=KEYS, seconds_by_verdict=(1234, 567, 89),
)  # fmt: skip
CARE = replace(FULL, display_state="pain", cue=PHRASES["pain_stop"], detail=PHRASES["pain_care"])


def grey(width: int = 640, height: int = 480, level: int = 90) -> NDArray[np.uint8]:
    return np.full((height, width, 3), level, np.uint8)


def instruction(exercise: str, side: Side | None) -> QImage:
    image = QImage(960, 720, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    return image


def painted(
    scene: Scene, image: NDArray[np.uint8] | None, size: tuple[int, int] = (1280, 720),
    colours: SceneColours = DARK_SCENE, mirrored: bool = True, film: bool = False,
) -> NDArray[np.uint8]:  # fmt: skip
    made = rendered(
        QSize(*size),
        image,
        scene,
        colours=colours,
        pictures=instruction,
        mirrored=mirrored,
        film=film,
    )
    return array_of(made)


def near(picture: NDArray[np.uint8], colour: Rgb, within: int = 12) -> NDArray[np.bool_]:
    """Mask of a BGR picture: where it has a colour (red, green, blue)."""
    return np.asarray((np.abs(picture.astype(int) - np.array(colour[::-1])) <= within).all(axis=2))


# --- the figure to step into --------------------------------------------------------------------


@pytest.mark.parametrize(("near", "prone", "head"), [
    ("left", False, "right"), ("right", False, "left"), ("right", True, "right"),
    (None, False, "right"),
])  # fmt: skip
def test_the_figure_faces_as_the_person_will_in_the_mirror(
    near: Side | None, prone: bool, head: str
) -> None:
    """On all fours with the left flank to the camera, the head is at the right of the mirror image.
    The right flank, or a prone posture, puts it at the other end."""
    outline = Outline(0.1, 0.2, 0.9, 0.9, "quadruped", near, prone)
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    places = Places(QRectF(0, 0, 640, 480), (640, 480), mirrored=True)
    draw_outline(painter, outline, places, 1.0, DARK_SCENE.states["placing"])
    painter.end()
    bright = array_of(image)[:240].sum(axis=(0, 2), dtype=int)  # the head is the highest
    assert bool(bright[320:].sum() > bright[:320].sum()) is (head == "right")


# --- states -------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [DARK_SCENE, LIGHT_SCENE], ids=["dark", "light"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_frames_the_whole_picture_in_its_colour(
    state: DisplayState, theme: SceneColours
) -> None:
    """The frame is thick on all four edges; icon and word are drawn too."""
    scene = replace(FULL, display_state=state, outline=Outline(0.3, 0.1, 0.7, 0.9, "standing"))
    picture = near(painted(scene, grey(), colours=theme), theme.states[state])
    for edge in (picture[:12], picture[-12:], picture[:, :12], picture[:, -12:]):
        assert edge.all()
    page = arrangement_of(QSizeF(1280, 720), 4 / 3, scene, theme, True, 1.0, False)
    assert page.icons[0].display_state == state
    assert any(scene.word == "".join(line for line, _ in text.lines) for text in page.texts)


def test_unseen_and_paused_are_never_green() -> None:
    """Neither frame nor ring nor joints are green."""
    for state in ("unseen", "paused"):
        scene = replace(FULL, display_state=state, annotation=None, seconds_by_verdict=None)
        picture = painted(scene, grey()).astype(int)
        green = picture[..., 1] - np.maximum(picture[..., 0], picture[..., 2])
        assert not (green > 30).any()


@pytest.mark.parametrize("theme", [DARK_SCENE, LIGHT_SCENE], ids=["dark", "light"])
def test_letters_can_be_read_on_their_ground(theme: SceneColours) -> None:
    """Every pair of ink and ground has a WCAG contrast of at least 4.5."""
    grounds = (theme.ground, theme.card)
    pairs = [(ink, ground) for ink in (theme.ink, theme.muted, theme.accent) for ground in grounds]
    pairs += [(ink_on(colour), colour) for colour in theme.states.values()]
    assert min(contrast(*pair) for pair in pairs) >= MIN_CONTRAST
    assert min(contrast(colour, theme.ground) for colour in theme.states.values()) >= 3


EYES = {  # Machado, Oliveira and Fernandes 2009, severity 1; linear red, green, blue
    "all": np.eye(3),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "no blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
XYZ = np.array([(0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)])


def seen_as(colour: Rgb, eyes: str) -> NDArray[np.float64]:
    """CIE Lab of a colour as a kind of eyes perceives it."""
    part = np.array(colour) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    white = XYZ @ np.ones(3)
    x, y, z = np.cbrt(np.maximum(XYZ @ np.clip(EYES[eyes] @ linear, 0, 1) / white, 0.0089))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", [DARK_SCENE, LIGHT_SCENE], ids=["dark", "light"])
def test_any_two_states_differ_for_any_eyes(theme: SceneColours, eyes: str) -> None:
    """A distance of 15 in CIE Lab is obvious; 2 is just noticeable."""
    for one, other in combinations(theme.states.values(), 2):
        assert math.dist(seen_as(one, eyes), seen_as(other, eyes)) > 15


# --- letters ------------------------------------------------------------------------------------


def assert_nothing_cut(texts: list[Lettering], size: tuple[int, int], least: float) -> None:
    surface = QRectF(0, 0, *size)
    for text in texts:
        words = " ".join(line for line, _ in text.lines)
        assert text.box.adjusted(-1, -1, 1, 1).contains(text.rect), words
        assert surface.contains(text.rect), words
        assert text.px >= least, words
    for one, other in combinations(texts, 2):
        both = one.rect.intersected(other.rect)
        assert both.width() * both.height() <= 1, (one.lines, other.lines)


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("state", STATES)
def test_no_text_is_cut_or_lies_on_another(
    state: DisplayState, size: tuple[int, int], scale: float
) -> None:
    """With the longest cue and names and all keys, each text stays in its box and on the surface,
    overlaps no other text, and is not tiny."""
    for scene in (replace(FULL, display_state=state), replace(CARE, display_state=state)):
        for picture in (True, False):
            page = arrangement_of(QSizeF(*size), 4 / 3, scene, DARK_SCENE, picture, scale, False)
            assert_nothing_cut(page.texts, size, 9)


@pytest.mark.parametrize("code", [each.code for each in languages()])
def test_no_text_of_a_language_is_cut(code: str) -> None:
    """The longest words that a language has for each place, at the largest size, on a small
    screen and on an upright one."""
    words, library = load_phrases(code), translated(LIBRARY, code)
    names = [short_name(exercise) for exercise in library.exercises.values()]
    longest = max(names, key=len)
    state = max((f"state_{each}" for each in STATES), key=lambda key: len(words[key]))
    scene = replace(
        FULL,
        word=words[state],
        cue=max((r.cue for e in library.exercises.values() for r in e.rules), key=len),
        title=longest,
        side=words["side_right"],
        sets=words["set_of"].format(number=10, of=12),
        unit=words["unit_seconds_left"],
        coming=words["next"].format(name=longest),
        options=tuple(
            Option(words["key_space"] if key == "do_pause" else "P", words[key])
            for key in ("do_pause", "do_back", "do_skip", "do_pain", "do_help")
        ),
    )
    care = replace(scene, display_state="pain", cue=words["pain_stop"], detail=words["pain_care"])
    for shown in (
        scene,
        care,
        replace(scene, cue=words["halt_left"], detail=words["halt_left_detail"]),
    ):
        for size in ((800, 600), (720, 1280)):
            page = arrangement_of(QSizeF(*size), 4 / 3, shown, DARK_SCENE, True, 1.5, False)
            assert_nothing_cut(page.texts, size, 9)


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (320, 240), (480, 640)], ids=str)
def test_no_text_of_a_video_is_cut(size: tuple[int, int], scale: float) -> None:
    """The same holds for the texts on a recording."""
    for scene in (FULL, CARE):
        page = arrangement_of(
            QSizeF(*size), size[0] / size[1], scene, DARK_SCENE, False, scale, True
        )
        assert_nothing_cut(page.texts, size, 6)
        assert page.room is not None
        assert page.room.height() > 0.2 * size[1]


def the(texts: list[Lettering], words: str) -> Lettering:
    """The laid out text with these words."""
    return next(t for t in texts if " ".join(line for line, _ in t.lines) == words)


def test_cue_and_count_are_read_from_three_metres() -> None:
    """A usual cue has 100 px letters and the count 200 px digits at 1080 lines, in proportion at
    720."""
    scene = replace(FULL, cue="Slide hips further back", count="25", sets="set 1 of 2")
    for height in (1080, 720):
        page = arrangement_of(
            QSizeF(height * 16 / 9, height), 16 / 9, scene, DARK_SCENE, True, 1.0, False
        )
        assert the(page.texts, scene.cue).px >= 100 * height // 1080
        assert the(page.texts, "25").px >= 200 * height / 1080


@pytest.mark.parametrize("code", [each.code for each in languages()])
def test_every_cue_of_the_library_stays_large(code: str) -> None:
    """At 1080 lines a cue is at most a fifth smaller than designed, even in two lines."""
    library = translated(LIBRARY, code)
    cues = {rule.cue for exercise in library.exercises.values() for rule in exercise.rules}
    cues |= {
        cue
        for exercise in library.exercises.values()
        if exercise.reps is not None
        for cue in (exercise.reps.too_small, exercise.reps.too_fast)
    }
    for cue in sorted(cues - {""}):
        scene = replace(FULL, cue=cue)
        page = arrangement_of(QSizeF(1920, 1080), 16 / 9, scene, DARK_SCENE, True, 1.0, False)
        assert the(page.texts, cue).px >= 80, cue


def test_the_picture_does_not_move_when_the_words_change() -> None:
    """Neither another cue nor another count moves the camera's picture."""
    rooms = {
        (page.camera.x(), page.camera.y(), page.camera.width(), page.camera.height())
        for cue in ("Hold", LONGEST_CUE)
        for count in ("9", "120")
        if (page := arrangement_of(
            QSizeF(1280, 720), 4 / 3, replace(FULL, cue=cue, count=count), DARK_SCENE, True, 1.0,
            False,
        )).camera is not None
    }  # fmt: skip
    assert len(rooms) == 1


def test_letters_are_whole() -> None:
    """The cached picture of a line has room for accents, descenders and overhangs."""
    for size in (20, 100):
        text = letter("ÅÉjgfQ|", QRectF(50, 50, 900, 200), size, (255, 255, 255), bold=True)
        image = QImage(1000, 300, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        write(painter, text)
        painter.end()
        ink = np.argwhere(array_of(image)[..., 0] > 0)
        ((_, at),) = text.lines
        assert ink[:, 0].min() > at.y() - size
        assert ink[:, 0].max() < at.y() + 0.4 * size
        assert ink[:, 1].min() > at.x() - size / 8


# --- the picture --------------------------------------------------------------------------------


def test_the_picture_is_mirrored_and_the_letters_are_not() -> None:
    """What is at the left of the camera's picture is drawn at the right; words do not change."""
    image = grey()
    image[200:280, 40:120] = (255, 0, 255)
    scene = replace(FULL, pose=None, annotation=None)
    for mirrored in (True, False):
        xs = np.argwhere(near(painted(scene, image, mirrored=mirrored), (255, 0, 255)))[:, 1]
        page = arrangement_of(QSizeF(1280, 720), 4 / 3, scene, DARK_SCENE, True, 1.0, False)
        assert page.camera is not None
        assert (xs.mean() > page.camera.center().x()) == mirrored
    one, other = painted(scene, grey()), painted(scene, grey(), mirrored=False)
    assert np.array_equal(one, other)


@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_instruction_turns_as_the_person_does(side: Side, mirrored: bool) -> None:
    """The instruction picture shows the working side as the camera's picture does: mirrored when
    that is mirrored."""
    red, blue = (204, 32, 180), (32, 180, 204)

    def drawn(exercise: str, side: Side | None) -> QImage:
        image = QImage(960, 720, QImage.Format.Format_RGB32)
        image.fill(QColor(*blue))
        painter = QPainter(image)
        painter.fillRect(0 if side == "left" else 480, 0, 480, 720, QColor(*red))
        painter.end()
        return image

    scene = replace(FULL, working=side)
    made = array_of(
        rendered(
            QSize(1280, 720), grey(), scene, colours=DARK_SCENE, pictures=drawn, mirrored=mirrored
        )
    )
    places = [np.argwhere(near(made, colour))[:, 1].mean() for colour in (red, blue)]
    assert (places[0] < places[1]) == ((side == "left") != mirrored)


def test_the_skeleton_is_mirrored_with_the_picture() -> None:
    """A joint is drawn at the place of its pixel."""
    area = QRectF(100, 50, 640, 480)
    assert Places(area, (640, 480), True).at(0, 0) == QPointF(740, 50)
    assert Places(area, (640, 480), False).at(0, 0) == QPointF(100, 50)
    assert Places(area, (1280, 960), True).at(1280, 960) == QPointF(100, 530)


@pytest.mark.parametrize("camera", [(640, 480), (1280, 720), (480, 640)], ids=str)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_whole_picture_is_shown_in_its_shape(
    size: tuple[int, int], camera: tuple[int, int]
) -> None:
    """The camera's picture is neither cut nor stretched."""
    image = np.full((camera[1], camera[0], 3), (255, 0, 255), np.uint8)
    scene = replace(FULL, pose=None, annotation=None)
    ys, xs = np.nonzero(near(painted(scene, image, size), (255, 0, 255)))
    width, height = np.ptp(xs) + 1, np.ptp(ys) + 1
    assert width / height == pytest.approx(camera[0] / camera[1], rel=0.02)
    assert width * height > 0.1 * size[0] * size[1]


def test_a_joint_that_was_not_seen_is_not_drawn() -> None:
    """Neither its dot nor its bones are drawn. Without any joint nothing is drawn."""
    scene = replace(FULL, annotation=None)
    hidden = replace(scene, pose=without(POSE, Joint.LEFT_WRIST))
    whole, part = painted(scene, grey()), painted(hidden, grey())
    page = arrangement_of(QSizeF(1280, 720), 4 / 3, scene, DARK_SCENE, True, 1.0, False)
    assert page.camera is not None
    places = Places(page.camera, POSE.size, True)
    wrist = places.at(*POSE.px[Joint.LEFT_WRIST])
    spot = np.s_[round(wrist.y()) - 5 : round(wrist.y()) + 5,
                 round(wrist.x()) - 5 : round(wrist.x()) + 5]  # fmt: skip
    assert (whole[spot] != 90).any()
    assert (part[spot] == 90).all()
    nothing = replace(scene, pose=without(POSE, *Joint))
    assert np.array_equal(painted(nothing, grey()), painted(replace(scene, pose=None), grey()))


def test_an_annotation_without_seen_joints_is_not_drawn() -> None:
    """The annotation of a fault whose limbs are hidden is not drawn."""
    hidden = without(POSE, *(joint for line in MARK.lines for joint in line))
    plain = painted(replace(FULL, pose=hidden, annotation=None), grey())
    assert np.array_equal(painted(replace(FULL, pose=hidden), grey()), plain)


POSES = {
    "upright": POSE,
    "at the left edge": Figure(left_arm=Arm(90, 90)).pose((640, 480), 260),
    "side-on": Figure(facing=90, incl=60).pose((640, 480), 180),
    "on all fours": Figure(facing=90, incl=90).pose((640, 480), 200),
    "lying": Figure(facing=90, roll=90).pose((640, 480), 200),
}


@pytest.mark.parametrize("size", [(240, 180), (640, 480), (1100, 616)], ids=str)
@pytest.mark.parametrize("pose", POSES.values(), ids=list(POSES))
def test_the_callout_stays_in_the_picture_and_off_the_face(
    pose: Pose, size: tuple[int, int]
) -> None:
    """This holds for every joint, and its words stay inside it."""
    area = QRectF(30, 40, *size)
    unit = min(size) / 620
    points = Places(area, (640, 480), True).joints(pose)
    for joint in (Joint.LEFT_ELBOW, Joint.RIGHT_KNEE, Joint.LEFT_EAR, Joint.LEFT_SHOULDER):
        wanted = callout_size(MARK, unit, area)
        box = CalloutPlace().choose(points, points[joint], wanted, area, 44 * unit)
        assert box is not None
        assert area.contains(box)
        assert not box.intersects(face_of(points))
        words, scale = callout_parts(MARK, box, unit, DARK_SCENE)
        assert words is not None
        assert box.contains(words.rect)
        assert box.contains(scale)
        assert scale.top() >= words.rect.bottom() - 1


def test_the_callout_stays_where_it_is_while_the_body_trembles() -> None:
    """A callout that jumps cannot be read."""
    area, place, shaken = QRectF(0, 0, 640, 480), CalloutPlace(), np.random.default_rng(1)
    corners = set()
    for _ in range(60):
        pose = replace(POSE, px=POSE.px + shaken.normal(0, 3, POSE.px.shape))
        points = Places(area, (640, 480), True).joints(pose)
        box = place.choose(points, points[Joint.LEFT_ELBOW], (200, 80), area, 30)
        assert box is not None
        corners.add((box.x(), box.y()))
    assert len(corners) == 1


def test_a_stop_differs_from_an_advice() -> None:
    """A stop has a ring round the joint, so they differ without colour."""
    grey_faults = replace(DARK_SCENE, faults=dict.fromkeys(DARK_SCENE.faults, (200, 200, 200)))
    scenes = [
        replace(FULL, annotation=replace(MARK, severity=severity))
        for severity in ("stop", "advice")
    ]
    stop, advice = (painted(scene, grey(), colours=grey_faults) for scene in scenes)
    assert (stop != advice).any(axis=2).sum() > 200


# --- surfaces -----------------------------------------------------------------------------------


def test_letters_are_large_enough_for_the_mat() -> None:
    """On a full HD screen, which a user on the mat sees from 2.5 metres."""
    scene = replace(FULL, options=(), title="Bird dog", coming="Next: Cat-cow")
    page = arrangement_of(QSizeF(1920, 1080), 16 / 9, scene, DARK_SCENE, True, 1.0, False)
    for words in (scene.detail, scene.coming, scene.sets, scene.side, scene.title, scene.unit):
        assert the(page.texts, words).px >= 54, words
    assert the(page.texts, scene.cue).px >= 90


def test_options_are_large_where_they_are_what_matters() -> None:
    """They are large in the pain flow and in a pause, and hints at the foot otherwise."""
    answers = (Option("S", PHRASES["pain_sharp"]), Option("M", PHRASES["pain_mild_answer"]))
    sizes = {}
    for state in ("pain", "halted", "active"):
        scene = replace(FULL, display_state=state, options=answers)
        page = arrangement_of(QSizeF(1920, 1080), 4 / 3, scene, DARK_SCENE, True, 1.0, False)
        sizes[state] = the(page.texts, PHRASES["pain_sharp"]).px
    assert sizes["pain"] == sizes["halted"] >= 55
    assert sizes["active"] < 40


def test_without_an_instruction_picture_there_is_no_hole() -> None:
    """The ring moves to the middle of the panel."""
    pages = [
        arrangement_of(
            QSizeF(1280, 720),
            4 / 3,
            replace(FULL, seconds_by_verdict=None),
            DARK_SCENE,
            has,
            1.0,
            False,
        )
        for has in (True, False)
    ]
    assert pages[0].picture is not None
    assert pages[1].picture is None
    assert all(page.ring is not None for page in pages)
    ring = pages[1].ring
    assert ring is not None
    panel = next(card.rect for card in pages[1].boxes if card.rect.contains(ring))
    assert ring.center().x() == pytest.approx(panel.center().x())


@pytest.mark.parametrize("size", [(1, 1), (60, 40), (320, 240), (2560, 400)], ids=str)
def test_any_size_can_be_drawn(size: tuple[int, int]) -> None:
    """A very small or very flat window can be painted."""
    for scene in (FULL, CARE, Scene("lost", "no camera"), Scene("done", "done")):
        for film in (False, True):
            assert painted(scene, grey(), size, film=film).shape == (size[1], size[0], 3)
            assert painted(scene, None, size, film=film).shape == (size[1], size[0], 3)


def test_a_part_of_a_surface_is_drawn_on_alone() -> None:
    """Nothing is drawn outside the given rectangle."""
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(0x010203)
    painter = QPainter(image)
    paint(
        painter, QRectF(100, 50, 600, 400), grey(), FULL, colours=DARK_SCENE, pictures=no_pictures
    )
    painter.end()
    drawn = array_of(image)
    drawn[50:450, 100:700] = (3, 2, 1)
    assert (drawn == (3, 2, 1)).all()


def test_a_sharp_display_gets_sharp_letters(qapp: QApplication) -> None:
    """At a device pixel ratio of 2 everything is twice as large and in the same place."""
    image = QImage(1280, 960, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2.0)
    painter = QPainter(image)
    paint(painter, QSize(640, 480), grey(), FULL, colours=DARK_SCENE, pictures=instruction)
    painter.end()
    image.setDevicePixelRatio(1.0)
    small = painted(FULL, grey(), (640, 480)).astype(int)
    large = array_of(image)[::2, ::2].astype(int)
    assert np.abs(small - large).mean() < 6


def test_a_video_keeps_its_picture() -> None:
    """The recording is neither scaled nor mirrored."""
    image = np.random.default_rng(2).integers(0, 255, (480, 640, 3)).astype(np.uint8)
    scene = replace(FULL, pose=None, annotation=None)
    picture = painted(scene, image, (640, 480), mirrored=False, film=True)
    page = arrangement_of(QSizeF(640, 480), 4 / 3, scene, DARK_SCENE, False, 1.0, True)
    assert page.room is not None
    room = page.room.toRect()
    inside = np.s_[room.top() : room.bottom(), room.left() : room.right()]
    assert np.array_equal(picture[inside], image[inside])
