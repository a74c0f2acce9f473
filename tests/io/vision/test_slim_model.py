"""The model without its mask: what is changed in the file, and which files are refused.

That the joints stay the same is tested with the model, in test_estimator.py."""

from __future__ import annotations

import io
import zipfile

import pytest

from posecheck.io.vision.models import MODELS, model_path
from posecheck.io.vision.slim_model import LANDMARKS, UnexpectedModelError, slim


def entries(bundle: bytes) -> dict[str, tuple[int, int]]:
    """Name -> beginning of the local header and size of every entry."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {info.filename: (info.header_offset, info.file_size) for info in archive.infolist()}


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_only_a_few_numbers_of_the_landmark_network_change(model: str) -> None:
    """Nothing moves: the file keeps its size, its entries and all weights."""
    whole = model_path(model).read_bytes()
    made = slim(whole)
    assert entries(made) == entries(whole)
    changed = [k for k in range(0, len(whole), 4) if whole[k : k + 4] != made[k : k + 4]]
    start, size = entries(whole)[LANDMARKS]
    assert start < changed[0] < changed[-1] < start + size + 100
    assert 1 < len(changed) < 500  # an output, the operators and their number


def test_a_bundle_without_a_mask_is_no_whole_one() -> None:
    """A bundle without a mask has other outputs, so it is refused."""
    with pytest.raises(UnexpectedModelError, match="shapes"):
        slim(slim(model_path("lite").read_bytes()))


def repacked(bundle: bytes, compression: int, name: str = LANDMARKS) -> bytes:
    """The bundle's landmark network alone in a new archive."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        network = archive.read(LANDMARKS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        archive.writestr(name, network)
    return packed.getvalue()


def test_an_unexpected_file_is_refused_and_never_half_changed() -> None:
    """Every kind of damage or of another layout is the same exception, which the caller expects."""
    whole = model_path("lite").read_bytes()
    start, _ = entries(whole)[LANDMARKS]
    root = whole.index(b"TFL3", start) - 4

    def damaged(place: int, value: bytes) -> bytes:
        return whole[:place] + value + whole[place + len(value) :]

    unexpected = {
        "no archive": b"none",
        "cut short": whole[:-1000],
        "compressed": repacked(whole, zipfile.ZIP_DEFLATED),
        "no landmark network": repacked(whole, zipfile.ZIP_STORED, "pose_detector.tflite"),
        "another identifier": damaged(root + 4, b"TFL2"),
        "a reference that leads away": damaged(root, b"\xff\xff\xff\x7f"),
        "no root table": damaged(root, bytes(4)),
    }
    for bundle in unexpected.values():
        with pytest.raises(UnexpectedModelError):
            slim(bundle)
    assert len(slim(repacked(whole, zipfile.ZIP_STORED))) > 0
