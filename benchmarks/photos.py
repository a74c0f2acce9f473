"""How real bodies compare with the bands of the rules: photographs through the model and the rules.

    uv run python benchmarks/photos.py FOLDER

FOLDER holds photographs and a `labels.json` ({"name.jpg": {"exercise": id, "phase": ...}}). Rules
on relative metrics need a baseline, which a single photograph cannot give; they are left out.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np

from posecheck.body.baseline import Baseline
from posecheck.body.geometry import body_of, turn_from_camera
from posecheck.body.joint_filter import JointFilter
from posecheck.body.measure import Measurer, Values, resolve, specs_of
from posecheck.exercise import Exercise, Rule
from posecheck.io.routines.load import load_all
from posecheck.io.vision.estimator import Estimator
from posecheck.io.vision.opencv import cv2
from posecheck.pose import Frame, Pose, Side
from posecheck.session.form import excess, worst


def measured(exercise: Exercise, pose: Pose, work: Side) -> Values:
    """The raw values of one photograph; the relative values are NaN."""
    specs = specs_of(exercise)
    raw = Measurer(specs, work).update(0.0, pose)
    return Baseline(specs, work, exercise.position == "standing").relative(raw)


def line(rule: Rule, values: Values) -> str:
    """One line of the report: the value, the band of the rule, and whether it is inside."""
    value = worst(rule, values)
    if math.isnan(value):
        return f"    {rule.id:16} {rule.metric:28} not known"
    low = "" if rule.min is None else f"{rule.min:g}"
    high = "" if rule.max is None else f"{rule.max:g}"
    beyond = excess(rule, value)
    verdict = "in" if beyond == 0 else "edge" if beyond <= rule.margin else "OUT"
    band = f"[{low}, {high}] {verdict} ({rule.severity})"
    return f"    {rule.id:16} {rule.metric:28} {value:8.2f}  {band}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="photographs and their labels.json")
    folder = parser.parse_args().folder
    if not (folder / "labels.json").is_file():
        parser.error(f"{folder} holds no labels.json; it says which exercise each picture shows.")
    exercises = load_all().exercises
    labels = json.loads((folder / "labels.json").read_text())
    for name, label in sorted(labels.items(), key=lambda item: (str(item[1]["exercise"]), item[0])):
        exercise = exercises.get(label["exercise"] or "")
        image = cv2.imread(str(folder / name))
        if exercise is None or image is None:
            continue
        frame = Frame(0.0, np.asarray(image, np.uint8))
        with Estimator("full", masks=True) as estimator:
            detection = estimator(frame, "now")
        if detection.pose is None:
            print(f"{exercise.id} {name} ({label['phase']}): nobody found")
            continue
        pose = JointFilter().update(0.0, detection.pose)
        body = body_of(pose)
        view = exercise.camera.view if exercise.camera else "-"
        turn = turn_from_camera(body)
        print(f"{exercise.id} {name} ({label['phase']}): view {turn:.0f} (wants {view})")
        values = measured(exercise, pose, body.near)
        for rule in exercise.rules:
            if not resolve(rule.metric).base:
                print(line(rule, values))


if __name__ == "__main__":
    main()
