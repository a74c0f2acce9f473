"""docs/bands.md: what it says of today's limits is what the files say."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import pytest
from shipped import EXERCISES

ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in (Path(__file__).parents[1] / "docs" / "bands.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| exercise")
]


def test_every_band_that_moved_is_as_the_files_say_and_has_a_reason() -> None:
    """A row has the value of today, another one from before, and a reason."""
    assert len(ROWS) > 20
    for name, rule_id, key, before, now, why in ROWS:
        exercise = EXERCISES[name]
        rules = {rule.id: rule for rule in exercise.rules}
        place: object = exercise.reps if rule_id == "reps" else rules[rule_id]
        value = reduce(getattr, key.split("."), place)
        assert value == pytest.approx(float(now)), (name, rule_id, key)
        assert before == "-" or float(before) != float(now), (name, rule_id, key)
        assert len(why) > 5
