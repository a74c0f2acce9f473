"""The pose models: their files, where they are, and whether they are genuine.

A model is opened only when it is byte for byte one of the bundles that Google has published.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from posecheck.io.errors import UserError
from posecheck.io.paths import data_folder


class ModelError(UserError):
    """A model file cannot be used."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A published model bundle. `size` in bytes; `sha256` of each of its official builds."""

    name: str
    size: int
    sha256: tuple[str, ...]


MODELS: dict[str, ModelFile] = {
    "lite": ModelFile(
        "pose_landmarker_lite.task",
        5_777_746,
        ("59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a",),
    ),
    "full": ModelFile(
        "pose_landmarker_full.task",
        9_398_198,
        (
            "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",  # as shipped
            "5134a3aad27a58b93da0088d431f366da362b44e3ccfbe3462b3827a839011b1",  # "version 1"
        ),
    ),
}
"""The shipped models, by the word that selects them."""

_OTHERS = (
    ModelFile(
        "pose_landmarker_heavy.task",
        30_664_242,
        ("64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b",),
    ),
)
"""Official bundles that are not shipped but may be given as a path."""


def model_path(choice: str, folder: str = "models") -> Path:
    """The file of `lite`, `full` or a path of the user's own.

    The file may not exist; `verify_model` checks it. Raises ModelError when this installation has
    no `folder`.
    """
    if choice not in MODELS:
        return Path(os.path.expanduser(choice))  # unlike pathlib, also of ~nobody
    try:
        return data_folder(folder) / MODELS[choice].name
    except FileNotFoundError as error:
        raise ModelError(str(error)) from error


def verify_model(path: Path) -> bytes:
    """The content of a model file. Raises ModelError unless it is an official bundle.

    Any other file is refused, even a well-formed .task: the parser is written for trusted files,
    the checksums of a zip only protect against accidents, and every threshold of the exercises was
    measured with these models. Copies may be anywhere and have any name.
    """
    known = (*MODELS.values(), *_OTHERS)
    try:
        if path.is_dir():
            raise ModelError(f"{path} is a folder. Give the .task file that is inside it.")
        size = path.stat().st_size
        # The size first: other files need not be read, and may be endless.
        content = path.read_bytes() if size in {model.size for model in known} else b""
    except FileNotFoundError as error:
        raise ModelError(
            f"There is no model file {path}. Choose lite or full, or give the path of a .task "
            "file; if it should be there, install posecheck again."
        ) from error
    except OSError as error:
        raise ModelError(
            f"The model file {path} cannot be read: {error.strerror or error}. Check that you "
            "may read it."
        ) from error
    if hashlib.sha256(content).hexdigest() not in {h for model in known for h in model.sha256}:
        raise ModelError(_difference(path, size, known))
    return content


def _difference(path: Path, size: int, known: tuple[ModelFile, ...]) -> str:
    """A sentence about a file that is not a known model."""
    meant = next((model for model in known if model.name == path.name), None)
    if meant is None:
        return (
            f"{path} is none of the models that posecheck knows "
            f"({', '.join(model.name for model in known)}). Choose lite or full."
        )
    if size < meant.size:
        return (
            f"The model file {path} is cut short: {size:,} of {meant.size:,} bytes. Install "
            "posecheck again, or copy the file again."
        )
    return (
        f"The model file {path} is not the published one: its SHA-256 differs. Install posecheck "
        "again, or copy the file again."
    )
