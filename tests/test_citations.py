"""Every threshold has a source: citations resolve, constants have a reason, links lead somewhere.

Code and data cite `docs/biomechanics.md` by section, as in "biomechanics 2B" or 'biomechanics 4.3,
"During"'. A threshold of the core either has its reason beside it, or is in section 7 of that page.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from posecheck.body.metrics import METRICS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "biomechanics.md"
TEXT = PAGE.read_text(encoding="utf-8")

SOURCES = sorted(
    path
    for folder in ("posecheck", "routines", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".toml") and path != Path(__file__).resolve()
)
"""The files that may cite a section."""
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    ROOT / "models" / "README.md",
    ROOT / "routines" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
CORE = ("body", "session", "coach", "desk", "history")

SECTION = r"\d[A-Z]?(?:\.\d+)?"
SECTIONS = rf"{SECTION}(?:(?:, | and | to ){SECTION})*"
CITATION = re.compile(
    rf'\bbiomechanics (?P<sections>{SECTIONS})(?!\d)(?:,? "(?P<title>[^"]+)")?', re.IGNORECASE
)
SHORT = re.compile(r"(?<![\w.])\d[A-Z]\.\d\b")
"""A section that is cited by its number alone; only where a letter tells it from a value."""
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")


# --- headings and citations ---------------------------------------------------------------------


def headings(text: str) -> dict[str, set[str]]:
    """Section number -> the titles within it, its own title included, all in lower case."""
    found: dict[str, set[str]] = {}
    current: list[str] = []
    for marks, title in re.findall(r"^(#{2,4}) (.+)$", text, re.MULTILINE):
        numbered = re.match(rf"({SECTION})\.? (.+)", title)
        if numbered:
            number, title = numbered.groups()
            current = [*current[: len(marks) - 2], number]
            found[number] = set()
        elif len(marks) < 4:
            current = []  # a section without a number is not cited
        for number in current:
            found[number].add(title.lower())
    return found


def joined(text: str) -> str:
    """The text with the line breaks of comments and docstrings replaced by blanks."""
    return re.sub(r"\s*\n\s*(?:# ?)?", " ", text)


@cache
def citations(text: str) -> tuple[tuple[str, str], ...]:
    """(section number, title within it or ""), for everything that a text cites."""
    short = [(number, "") for number in SHORT.findall(text)]
    whole = [
        (number, match["title"] or "")
        for match in CITATION.finditer(joined(text))
        for number in re.findall(SECTION, match["sections"])
    ]
    return (*short, *whole)


def missing(text: str, known: dict[str, set[str]]) -> set[str]:
    """The citations of a text that no heading answers."""
    return {
        f"{number} {title}".strip()
        for number, title in citations(text)
        if number not in known or (title and title.lower() not in known[number])
    }


KNOWN = headings(TEXT)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_citation_has_its_section(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8"), KNOWN) == set()


def test_citations_are_found_at_all() -> None:
    cited = {number for path in SOURCES for number, _ in citations(path.read_text("utf-8"))}
    assert {"2A.2", "2B", "2D.3", "3.3", "4.1"} <= cited


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Numbers: biomechanics 9Z, and biomechanics 8.1", {"9Z", "8.1"}),
        ("# (biomechanics\n# 2E), or (2E.1)", {"2E", "2E.1"}),
        ("(Biomechanics 2B, 7.9 and 4.1)", {"7.9"}),
        ('biomechanics 2B, "Which fault sings"', {"2B Which fault sings"}),
        ("limits of biomechanics 4.1 to 4.8", {"4.8"}),
        ("(biomechanics 2D.3: 5 to 8 Hz), 3 (biomechanics\n    2D.9)", {"2D.9"}),
        ('biomechanics 2B "Personal range", 3.1 (2)', set()),
    ],
)
def test_a_made_up_citation_is_found_missing(text: str, wanted: set[str]) -> None:
    """The control: the search finds what it looks for, and takes no other numbers for sections."""
    assert missing(text, KNOWN) == wanted


def test_section_numbers_are_unique() -> None:
    numbers = re.findall(rf"^#{{2,3}} ({SECTION})\.? ", TEXT, re.MULTILINE)
    assert len(numbers) == len(set(numbers))


def test_the_page_defines_every_metric_that_cites_it() -> None:
    """A row of the table of metrics that names no other source is in section 2A.2."""
    section = TEXT.partition("### 2A.2 ")[2].partition("\n### ")[0]
    named = set(re.findall(r"`(\w+)", section))
    cited = {name for name, metric in METRICS.items() if metric.source == "biomechanics 2A.2"}
    assert cited - named == set()
    assert named - METRICS.keys() - {"gap", "gap3", "posecheck", "_lying", "_to_work", "_abs"} == (
        set()
    )


def test_every_source_of_the_page_is_listed() -> None:
    body, _, listed = TEXT.partition("## Sources\n")
    numbers = {int(number) for number in re.findall(r"\bS(\d+)(?=[\],])", body)}
    assert numbers <= {int(number) for number in re.findall(r"^- \[S(\d+)\]", listed, re.MULTILINE)}


# --- constants ----------------------------------------------------------------------------------


def names_of(statement: ast.stmt) -> list[str]:
    """The constants that a statement at the top of a module defines."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    flat = [part for t in targets for part in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return [part.id for part in flat if isinstance(part, ast.Name) and part.id.isupper()]


def has_number(statement: ast.stmt) -> bool:
    return any(
        isinstance(node, ast.Constant) and type(node.value) in (int, float)
        for node in ast.walk(statement)
    )


def is_text(statement: ast.stmt | None) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


@cache
def constants(source: str) -> tuple[tuple[str, bool], ...]:
    """(name, whether a reason is beside it) of every public constant that holds a number.

    A docstring also speaks for the constants directly above it, a comment for its own line and the
    next. Private names and whole numbers of rounds such as `MINUTE_S = 60.0` count like any other.
    """
    lines = source.splitlines()
    body = ast.parse(source).body
    reasons: dict[int, bool] = {}
    for index in reversed(range(len(body))):
        statement = body[index]
        after = body[index + 1] if index + 1 < len(body) else None
        touches = after is not None and after.lineno == (statement.end_lineno or 0) + 1
        above = lines[max(statement.lineno - 2, 0) : statement.end_lineno]
        reasons[index] = (
            (touches and is_text(after))
            or (touches and bool(names_of(after or statement)) and reasons[index + 1])
            or any("# " in line and "# fmt" not in line for line in above)
        )
    return tuple(
        (name, reasons[index])
        for index, statement in enumerate(body)
        if has_number(statement)
        for name in names_of(statement)
        if name[0] != "_"
    )


def tuned() -> set[tuple[str, str]]:
    """(module, constant) of every row in section 7."""
    section = TEXT.partition("## 7. ")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w/]+\.py)` \| ([^|]+) \| [^|]+ \|$", section, re.MULTILINE)
    return {(module, name) for module, names in rows for name in re.findall(r"`(\w+)`", names)}


CORE_FILES = sorted(path for name in CORE for path in (ROOT / "posecheck" / name).glob("*.py"))
by_core = pytest.mark.parametrize(
    "path", CORE_FILES, ids=lambda path: path.relative_to(ROOT / "posecheck").as_posix()
)


@by_core
def test_every_threshold_has_a_reason(path: Path) -> None:
    """Beside it, or in section 7."""
    module = path.relative_to(ROOT / "posecheck").as_posix()
    found = constants(path.read_text(encoding="utf-8"))
    assert {(module, name) for name, reasoned in found if not reasoned} - tuned() == set()


def test_section_7_names_constants_that_exist() -> None:
    existing = {
        (path.relative_to(ROOT / "posecheck").as_posix(), name)
        for path in CORE_FILES
        for name, _ in constants(path.read_text(encoding="utf-8"))
    }
    assert tuned()
    assert tuned() - existing == set()


def test_a_constant_without_a_reason_is_found() -> None:
    source = 'A = 1.0\n"""Why."""\nB, C = 2.0, 3.0\n\nD = 4.0\nE = 5.0\n"""Both."""\nF = 6  # why\n'
    reasoned = {"A": True, "B": False, "C": False, "D": True, "E": True, "F": True}
    assert dict(constants(source)) == reasoned


# --- links and file names -----------------------------------------------------------------------


def anchor(title: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def broken(page: Path, text: str) -> set[str]:
    """The links within the project that lead nowhere."""
    wrong: set[str] = set()
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, fragment = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            wrong.add(link)
        elif fragment and target.suffix == ".md":
            titles = re.findall(
                r"^#+ (.+)$", text if target == page else target.read_text("utf-8"), re.M
            )
            if fragment not in {anchor(title) for title in titles}:
                wrong.add(link)
    return wrong


EXAMPLES = {"routines/exercises/wall_lean.toml"}
"""Files that a recipe makes, and that are not there."""
ROOTS = ("posecheck/", "routines/", "tests/", "benchmarks/", "docs/", "models/", ".github/", ".ci/")


def absent(text: str) -> set[str]:
    """The names in back quotes that look like files or folders of the project but are none."""
    found: set[str] = set()
    for word in re.findall(r"`([^`\n]+)`", text):
        name = word.strip()
        if name.startswith(ROOTS) and PATH.fullmatch(name) and name not in EXAMPLES:
            found |= set() if (ROOT / name).exists() else {name}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_file_names_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert broken(page, text) == set()
    assert absent(text) == set()


def test_a_broken_link_is_found() -> None:
    text = "[a](docs/nothing.md) [b](#nowhere) [c](https://example.org) `posecheck/nothing.py`"
    assert broken(ROOT / "README.md", text) == {"docs/nothing.md", "#nowhere"}
    assert absent(text) == {"posecheck/nothing.py"}
