"""What a user installs: the wheel, the sdist, and the exact versions of requirements.lock.

hatchling builds here without uv, pip or the network. The dependencies are not installed again:
the other tests show that posecheck runs, these that an installed one finds its files.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import audit
import licences
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

DATA = {
    folder: sorted(
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )
    for folder in ("models", "routines")
}
"""Files that are at the root of the source tree and inside the package of a wheel."""

FIND_DATA = """
import sys
from pathlib import Path
from posecheck.io.paths import data_folder
installed = Path(sys.prefix).resolve()
for name in ("models", "routines"):
    folder = data_folder(name)
    assert installed in folder.parents, folder
    files = (path for path in folder.rglob("*") if path.is_file())
    print(*sorted(f"{name}/{path.relative_to(folder).as_posix()}" for path in files))
"""


def build(source: Path, kind: str, folder: Path) -> Path:
    """The wheel or the sdist of a source tree."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def wheel_of_sdist(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    return build(source, "wheel", tmp_path_factory.mktemp("wheel-of-sdist"))


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def package_files() -> set[str]:
    """Everything in the package's folder, code and data."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "posecheck").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.process
def test_the_wheel_holds_the_code_and_all_data(wheel: Path) -> None:
    names = names_in(wheel)
    assert package_files() <= names
    for files in DATA.values():
        assert files
        assert {f"posecheck/{file}" for file in files} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    folders = {name.partition("/")[0] for name in names}
    assert folders == {"posecheck", f"posecheck_coach-{PROJECT['project']['version']}.dist-info"}


@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize("kind", ["wheel", "wheel_of_sdist"])
def test_the_wheel_holds_pictures_and_languages(kind: str, request: pytest.FixtureRequest) -> None:
    """No module imports these files, so only this test notices that one is missing."""
    names = names_in(request.getfixturevalue(kind))
    files = {Path(name) for name in names if name.startswith("posecheck/routines/")}
    pictures = {file.stem for file in files if file.suffix == ".jpg"}
    exercises = {file.stem for file in files if file.parent.name == "exercises"}
    assert len(pictures) > 20
    assert pictures <= exercises
    assert "posecheck/routines/lang/en.toml" in names


@pytest.mark.process
def test_the_sdist_holds_what_is_needed_to_test_and_build(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    files = package_files() | {file for files in DATA.values() for file in files}
    for folder, ends in (
        ("tests", "*.py"),
        ("benchmarks", "*.py"),
        ("tests/clips", "*"),
        ("docs", "*.md"),
    ):
        files |= {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).glob(ends)}
    files |= {"README.md", "CHANGELOG.md", "LICENSE", "requirements.lock", "pyproject.toml"}
    files |= {"CONTRIBUTING.md", "SECURITY.md"}
    assert files <= names


@pytest.mark.process
def test_the_wheel_of_the_sdist_is_the_same(wheel: Path, wheel_of_sdist: Path) -> None:
    assert names_in(wheel) == names_in(wheel_of_sdist)


@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize("kind", ["wheel", "wheel_of_sdist"])
def test_an_installed_wheel_finds_its_data_from_anywhere(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    environment = tmp_path / "env"
    venv.create(environment, symlinks=sys.platform != "win32")
    (packages,) = environment.rglob("site-packages")
    with zipfile.ZipFile(request.getfixturevalue(kind)) as archive:
        archive.extractall(packages)  # all that an installer does with a pure wheel's modules
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    command = [str(python), "-I", "-c", FIND_DATA]
    run = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    found = run.stdout.split()
    assert sorted(found) == sorted(file for files in DATA.values() for file in files)


def locked() -> dict[str, list[Requirement]]:
    """The lines of requirements.lock by name; a name may have one version per Python."""
    lines: dict[str, list[Requirement]] = {}
    for line in re.findall(r"^\S.*?(?=\s*\\?$)", LOCK, re.MULTILINE):
        requirement = Requirement(line)
        lines.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return lines


def wanted() -> list[str]:
    extras = PROJECT["project"]["optional-dependencies"].values()
    groups = PROJECT["dependency-groups"].values()
    listed = [PROJECT["project"]["dependencies"], *extras, *groups]
    own = PROJECT["project"]["name"]  # an extra may name another one
    return [text for texts in listed for text in texts if Requirement(text).name != own]


def test_the_lock_is_versions_and_hashes_and_no_address() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*(?!--hash=)-", LOCK, re.MULTILINE)  # -i, --index-url, --find-links
    for entry in re.split(r"\n(?=\S)", LOCK):
        assert re.fullmatch(
            r"[\w.-]+==[\w.]+( ; [^\n\\]+?)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n?", entry
        ), entry


def test_the_lock_is_complete() -> None:
    """Whatever a locked package needs on this system is locked too."""
    known = locked()
    for name in known:
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # for another system
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert canonicalize_name(need.name) in known, f"{need.name}, needed by {name}"


@pytest.mark.parametrize("text", wanted())
def test_the_lock_agrees_with_pyproject(text: str) -> None:
    """CONTRIBUTING.md says how to write it again."""
    requirement = Requirement(text)
    lines = locked().get(canonicalize_name(requirement.name))
    assert lines, f"requirements.lock has no {requirement.name}"
    for line in lines:
        (version,) = (specifier.version for specifier in line.specifier)
        assert requirement.specifier.contains(version)


def test_uv_installs_the_locked_versions() -> None:
    """`uv run` does not read requirements.lock, so pyproject.toml has the same versions."""
    constrained = PROJECT["tool"]["uv"]["constraint-dependencies"]
    assert sorted(map(str, map(Requirement, constrained))) == sorted(
        str(line) for lines in locked().values() for line in lines
    )


@pytest.mark.parametrize("text", [*wanted(), *PROJECT["build-system"]["requires"]])
def test_a_dependency_is_bounded_by_what_was_tested(text: str) -> None:
    """The next main version may break what the locked one did."""
    requirement = Requirement(text)
    for line in locked()[canonicalize_name(requirement.name)]:
        (tested,) = (Version(specifier.version) for specifier in line.specifier)
        assert not requirement.specifier.contains(f"{tested.major + 1}.0")
        assert requirement.specifier.contains(tested)


# --- licences and advisories --------------------------------------------------------------------


def test_the_page_of_licences_is_that_of_the_lock() -> None:
    """`python tests/licences.py > docs/licences.md` makes it."""
    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == licences.page()


def test_every_package_states_a_licence_that_allows_this_use() -> None:
    """Licences that would spread to posecheck, or forbid a use, are not among them."""
    rows = re.findall(r"^\| (\S+) \| (.*) \|$", licences.page(), re.MULTILINE)[1:]
    rows = [(name, text) for name, text in rows if name not in ("package", "---")]
    assert {name for name, _ in rows} == set(locked())
    known = {"Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "0BSD",
             "PSF-2.0", "MIT-CMU", "Zlib", "CC0-1.0", "LGPL-3.0-only"}  # fmt: skip
    for name, text in rows:
        parts = text.split(" OR ")
        assert any(set(part.split(" AND ")) <= known for part in parts), (name, text)


def advisory(folder: Path, **affected: object) -> None:
    record = {
        "id": "PYSEC-1", "modified": "2020-01-01T00:00:00Z", "summary": "Reads any file.",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "Rich"}, **affected}],
    }  # fmt: skip
    (folder / "a").mkdir(exist_ok=True)
    (folder / "a" / "PYSEC-1.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.parametrize(
    ("events", "hit"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "VERSION"}], False),
        ([{"introduced": "0"}, {"last_affected": "VERSION"}], True),
        ([{"introduced": "VERSION"}, {"fixed": "9999"}], True),
        ([{"introduced": "9999"}], False),
        ([{"fixed": "1"}, {"introduced": "0"}], False),
        ([{"introduced": "0"}, {"fixed": "1"}, {"introduced": "2"}], True),
    ],
)
def test_the_audit_finds_a_locked_version_in_the_ranges_of_an_advisory(
    events: list[dict[str, str]], hit: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ((_, version),) = [each for each in audit.locked_versions(LOCK) if each[0] == "rich"]
    changed = json.loads(json.dumps(events).replace("VERSION", version))
    advisory(tmp_path, ranges=[{"type": "ECOSYSTEM", "events": changed}])
    assert audit.main([str(tmp_path)]) == int(hit)
    said = capsys.readouterr().out
    assert ("rich" in said) == hit
    assert "1 advisories" in said
    assert "The list is old" in said


def test_the_audit_says_when_it_has_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a list, and with an empty one. A list of versions is compared too."""
    monkeypatch.delenv("POSECHECK_ADVISORIES", raising=False)
    assert audit.main([]) == 0
    assert capsys.readouterr().out.strip() == audit.NOT_RUN
    assert audit.main([str(tmp_path)]) == 2
    ((_, version),) = [each for each in audit.locked_versions(LOCK) if each[0] == "rich"]
    advisory(tmp_path, versions=[version])
    monkeypatch.setenv("POSECHECK_ADVISORIES", str(tmp_path))
    assert audit.main([]) == 1
