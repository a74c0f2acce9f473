"""Proves that nothing leaves this computer and that no picture is kept.

Python's audit hooks cannot see what a native library does, so the proofs are about the libraries
themselves and about the system calls of a whole `posecheck analyze` and `posecheck session`,
including their end.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import files
from pathlib import Path
from threading import Thread

import pytest
from programs import program
from sources import PACKAGE, PATHS, nodes

ROOT = Path(__file__).resolve().parent.parent
CLIP = ROOT / "tests" / "clips" / "childs_pose_beth_R.mp4"
LIBRARY = re.compile(r"\.(so(\.[\d.]+)?|dylib|dll|pyd)$")

# --- (a) what the pose library could do ---------------------------------------------------------

NETWORK_SYMBOL = re.compile(
    r"(__)?(socket(pair)?|connect|bind|listen|accept4?|(send|recv)(to|from|m?msg)?"
    r"|[gs]etsockopt|getpeername|getsockname|(get|free)(addrinfo|ifaddrs)(_a)?|getnameinfo"
    r"|gai_\w+|gethostby\w+|inet_\w+|if_\w+|res_\w+)"
)
"""Functions of the C library that a program needs to talk to another computer."""

UPLOADER = (
    b"TasksLogger",  # the class that collects usage records
    b"mediapipe/util/analytics",  # the records themselves (log_request.proto)
    b"curl_client",  # the sender
    b"https://play.goo",  # the beginning of the logging host's address
    b"libcurl",
    b"BoringSSL",
    b"clearcut",
    b"firelog",
)
"""Byte strings of MediaPipe's uploader and of the HTTP client inside it. The first six are in
the library of 0.10.35, which also needs 13 of the symbols above; the last two are other names
of the same service. Strings that look alike but are none of it: `type.googleapis.com` (protobuf's
type names) and `tflite::telemetry` (unused hooks inside TensorFlow Lite)."""


def needed_symbols(library: bytes) -> set[str]:
    """The undefined dynamic symbols of a 64-bit little-endian ELF file, without versions."""
    assert library[:6] == b"\x7fELF\x02\x01", "not a 64-bit little-endian ELF file"
    (table_at,) = struct.unpack_from("<Q", library, 0x28)
    entry_size, entries = struct.unpack_from("<HH", library, 0x3A)
    # Of each section: type, offset, size, and the section of its strings.
    sections = [
        struct.unpack_from("<4xI16xQQI", library, table_at + index * entry_size)
        for index in range(entries)
    ]
    symbols: set[str] = set()
    for kind, offset, size, strings in sections:
        if kind != 11:  # SHT_DYNSYM
            continue
        names_at = sections[strings][1]
        for name, section in struct.iter_unpack("<I2xH16x", library[offset : offset + size]):
            if name and section == 0:  # SHN_UNDEF
                end = library.index(b"\0", names_at + name)
                symbols.add(library[names_at + name : end].decode())
    return symbols


def network_symbols(symbols: set[str]) -> set[str]:
    return {symbol for symbol in symbols if NETWORK_SYMBOL.fullmatch(symbol)}


def native_libraries() -> list[Path]:
    """Every native library that mediapipe installed."""
    installed = [file for file in files("mediapipe") or () if LIBRARY.search(file.name)]
    return [Path(str(file.locate())) for file in installed]


@pytest.mark.slow
def test_the_pose_library_holds_no_uploader() -> None:
    libraries = native_libraries()
    assert any("mediapipe" in path.name for path in libraries)
    for path in libraries:
        content = path.read_bytes()
        assert not [mark for mark in UPLOADER if mark.lower() in content.lower()], path


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF libraries, which only Linux has")
def test_the_pose_library_cannot_reach_the_network() -> None:
    """By name. It could still load another library (`dlopen`, for the GPU), start a program
    (`popen`) or call the kernel (`syscall`); the whole runs below show that it does not."""
    for path in native_libraries():
        symbols = needed_symbols(path.read_bytes())
        assert "malloc" in symbols
        assert not network_symbols(symbols), path


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF libraries, which only Linux has")
def test_the_reader_of_symbols_finds_a_socket_where_there_is_one() -> None:
    """Control: Python's own socket module, whether a library or built in. It is imported above, so
    its code is mapped into this process."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    mapped = {line.split(maxsplit=5)[-1] for line in lines if " r-xp " in line and "/" in line}
    users = {
        name
        for name in mapped
        if Path(name).is_file()
        and {"socket", "connect"} <= network_symbols(needed_symbols(Path(name).read_bytes()))
    }
    assert any("python" in name or "_socket" in name for name in users), mapped


# --- what posecheck's own code could do ---------------------------------------------------------

NETWORK_MODULE = re.compile(
    r"(socket|ssl|asyncio|socketserver|http|urllib|ftplib|smtplib|poplib|imaplib|telnetlib|xmlrpc"
    r"|webbrowser|requests|urllib3|httpx|aiohttp|websockets|grpc|subprocess|multiprocessing"
    r"|dask|distributed|tornado|bokeh|pyarrow|importlib"
    r"|PySide6\.Qt(Network|WebSockets|WebEngine|WebView|HttpServer|RemoteObjects)\w*)(\..*)?"
)
"""Also modules that start another program, which could use the network, and what imports a module
by a name that is not in the code."""

ALLOWED = {
    *(("io/vision/stream.py", name) for name in ("socket", "urllib.parse")),  # a typed address
    # the camera at that address, and no other computer: tests/io/vision/test_stream.py
    *(("io/vision/http_stream.py", name) for name in ("socket", "ssl", "http.client")),
    *(("io/vision/http_stream.py", f"urllib.{name}") for name in ("error", "parse", "request")),
    *(("io/vision/rtsp_relay.py", name) for name in ("socket", "urllib.parse")),
    ("io/desktop/keep_awake.py", "subprocess"),  # macOS: its own program keeps the screen on
    ("io/desktop/programs.py", "subprocess"),  # small programs of the desktop
    ("commands/doctor.py", "subprocess"),  # the doctor tries fonts and voice in a separate process
    ("ui/application.py", "subprocess"),  # tries the display, likewise: Qt aborts without one
    ("commands/batch_cluster.py", "dask"),  # workers: on loopback, or at an address that was typed
    ("commands/batch_cluster.py", "dask.system"),
    ("commands/batch_cluster.py", "distributed"),
    ("commands/batch_cluster.py", "distributed.security"),
    ("commands/batch_cluster.py", "importlib.util"),  # is there a bokeh?
    ("io/batch/packages.py", "importlib"),  # optional packages, named below
    ("io/store/history_export.py", "pyarrow"),
    ("io/store/history_export.py", "pyarrow.parquet"),  # given bytes in memory, never an address
    *(
        (name, "importlib.metadata")  # versions
        for name in ("io/diagnosis/crash.py", "io/requirements.py", "commands/doctor_report.py")
    ),
}

OPTIONAL = {
    ("io/batch/packages.py", "pyarrow"),
    ("io/batch/packages.py", "pyarrow.parquet"),  # given open files, never an address
    ("io/motion/c3d_file.py", "ezc3d"),
    ("commands/batch.py", "distributed"),  # is it there, before any work?
    ("commands/batch.py", "cryptography"),
}
"""Modules that are imported by name, through `optional`."""

CAPTURES = {
    *("io/vision/camera.py", "io/vision/stream.py", "io/vision/opencv.py"),
}
"""Modules that may read through OpenCV, which can also fetch addresses. camera.py gives it only the
index of a camera, stream.py an address that the user typed, opencv.py (for every video file) an
absolute path, and with it the order to open nothing but files."""


def source_files() -> Iterator[tuple[str, Sequence[ast.AST]]]:
    """Every module of posecheck: its name and its nodes."""
    for path in PATHS:
        yield path.relative_to(PACKAGE).as_posix(), nodes(path)


def imported(module: Iterable[ast.AST]) -> Iterator[str]:
    for node in module:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_posecheck_imports_nothing_that_talks_to_other_computers() -> None:
    found = {
        (name, module)
        for name, code in source_files()
        for module in imported(code)
        if NETWORK_MODULE.fullmatch(module)
    }
    assert found <= ALLOWED


@pytest.mark.slow
def test_only_these_optional_packages_are_imported_by_name() -> None:
    """Every text in a module that calls `optional` and is the name of an installed module."""
    found = {
        (name, word.value)
        for name, code in source_files()
        for call in code
        if isinstance(call, ast.FunctionDef) and "optional" in called(ast.walk(call))
        for word in ast.walk(call)
        if isinstance(word, ast.Constant)
        and isinstance(word.value, str)
        and re.fullmatch(r"\w+(\.\w+)*", word.value)
        and is_module(word.value)
    }
    assert found == OPTIONAL
    users = {name for name, code in source_files() if "import_module" in called(code)}
    assert users == {"io/batch/packages.py"}


def called(nodes: Iterable[ast.AST]) -> set[str]:
    """The names of the functions that are called in these nodes."""
    functions = [node.func for node in nodes if isinstance(node, ast.Call)]
    names = {function.id for function in functions if isinstance(function, ast.Name)}
    return names | {function.attr for function in functions if isinstance(function, ast.Attribute)}


def is_module(name: str) -> bool:
    """Whether an installed module has this name; benchmarks are on the path of the tests only."""
    first = name.partition(".")[0]
    if first == "posecheck" or (PACKAGE.parent / "benchmarks" / f"{first}.py").exists():
        return False
    return importlib.util.find_spec(first) is not None


def test_only_the_batch_command_reaches_the_workers() -> None:
    """What talks to a scheduler is imported by `batch`, and `batch` by its arguments alone."""
    users = {
        module: {
            name
            for name, code in source_files()
            for node in code
            if (isinstance(node, ast.ImportFrom) and node.module == f"posecheck.commands.{module}")
            or (
                isinstance(node, ast.ImportFrom)
                and node.module == "posecheck.commands"
                and module in {alias.name for alias in node.names}
            )
        }
        for module in ("batch_cluster", "batch")
    }
    assert users == {
        "batch_cluster": {"commands/batch.py"},
        "batch": {"commands/batch_arguments.py"},
    }


def test_only_these_modules_open_what_may_be_an_address() -> None:
    users = {
        name
        for name, module in source_files()
        for node in module
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "VideoCapture"
    }
    assert users == CAPTURES


CONNECTS = {"create_connection", "connect", "connect_ex", "open", "urlopen", "sendto"}


def test_connections_are_made_in_three_places() -> None:
    """The relay connects to the typed address. The two connections of http compare the computer
    with the typed one first; `opener.open` makes them. A camera's port of this computer is only
    listened to."""
    places = {
        (name, node.func.value.id if isinstance(node.func.value, ast.Name) else "super")
        for name, code in source_files()
        if name in {file for file, module in ALLOWED if module == "socket"}
        for node in code
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CONNECTS
    }
    http = "io/vision/http_stream.py"
    assert places == {("io/vision/rtsp_relay.py", "socket"), (http, "opener"), (http, "super")}
    connecting = [
        function
        for function in nodes(PACKAGE / http)
        if isinstance(function, ast.FunctionDef) and function.name == "connect"
    ]
    assert len(connecting) == 2
    assert all(ast.unparse(each.body[0]) == "stream.check(self.host)" for each in connecting)


@pytest.mark.process
def test_a_mediapipe_that_uploads_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    """A later release, as the environment would list it; importing it would print a line."""
    record = tmp_path / "mediapipe-0.10.35.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.35\n")
    (tmp_path / "mediapipe.py").write_text("raise SystemExit('mediapipe was loaded')")
    run = subprocess.run(
        analyze(tmp_path / "out"),
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert "mediapipe 0.10.35 is installed" in run.stderr
    assert "loaded" not in run.stderr


# --- (b) - (d) what a whole run does ------------------------------------------------------------


def analyze(out: Path, *more: str) -> list[str]:
    """The command of a whole analysis, from opening model, video and results to closing them."""
    return [
        *(sys.executable, "-m", "posecheck", "analyze", str(CLIP)),
        *("--exercise", "childs_pose", "--model", "lite", "--out", str(out), *more),
    ]


class Traced:
    """A run under strace: exit code, output and system calls, one a line."""

    def __init__(self, command: list[str], calls: str, folder: Path, **more: str) -> None:
        strace = program("strace", "-f", "-o", os.devnull, "true")
        log = folder / "calls.txt"
        self.home, self.temporary = folder / "home", folder / "tmp"
        self.home.mkdir()
        self.temporary.mkdir()
        hidden = {"XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"}
        environment = {name: text for name, text in os.environ.items() if name not in hidden}
        environment |= {
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONDONTWRITEBYTECODE": "1",
            **more,
        }
        self.run = subprocess.run(
            [strace, "-f", "-y", "-o", str(log), "-e", f"trace={calls}", *command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        self.calls = log.read_text(errors="replace").splitlines()


def sockets(calls: list[str]) -> list[str]:
    """The calls that create a socket of any kind, local ones included."""
    return [call for call in calls if re.search(r"\bsocket(pair)?\(", call)]


@pytest.mark.process
def test_a_whole_run_opens_no_socket(tmp_path: Path) -> None:
    """Not even a local one to the sound server, the system's log or X. It starts no other program
    that could open one."""
    traced = Traced(analyze(tmp_path / "out", "--video"), "%network,execve", tmp_path)
    assert traced.run.returncode == 0, traced.run.stderr
    assert sockets(traced.calls) == []
    assert len([call for call in traced.calls if "execve(" in call]) == 1
    assert any("+++ exited with 0 +++" in call for call in traced.calls)


@pytest.mark.process
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX"])
def test_the_same_harness_catches_a_socket(family: str, tmp_path: Path) -> None:
    """Control: also the socket of a child process, where a library could hide it."""
    code = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}], check=True)"
    traced = Traced([sys.executable, "-c", child], "%network,execve", tmp_path)
    assert any(f"socket({family}," in call for call in sockets(traced.calls))
    assert len([call for call in traced.calls if "execve(" in call]) > 1


@pytest.mark.process
def test_everything_works_without_any_network(tmp_path: Path) -> None:
    """In a separate network namespace without any interface, not even a working localhost."""
    alone = [program("unshare", "-rn", "true"), "-rn"]
    code = "import socket; print(socket.create_connection(('127.0.0.1', 9), 5))"
    control = subprocess.run([*alone, sys.executable, "-c", code], capture_output=True, text=True)
    assert "Network is unreachable" in control.stderr
    out = tmp_path / "out"
    run = subprocess.run([*alone, *analyze(out)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "Written:" in run.stdout
    assert (out / "summary.json").stat().st_size > 0


# --- a batch: workers of this computer ------------------------------------------------------------


def places(calls: list[str]) -> set[str]:
    """Where sockets of a network were bound, connected or sent to: addresses without ports."""
    network = (call for call in calls if "AF_INET" in call and " = -1 EAFNOSUPPORT" not in call)
    return {
        address
        for call in network
        for address in re.findall(r'inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"', call)
    }


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
def test_a_batch_without_a_scheduler_stays_on_loopback(tmp_path: Path) -> None:
    """Scheduler and workers listen and connect on 127.0.0.1 alone, whatever the user's own
    configuration of Dask says, and leave nothing outside the folder of the results."""
    out = tmp_path / "out"
    recording = ROOT / "tests" / "recordings" / "superman_side.rec"
    command = [
        *(sys.executable, "-m", "posecheck", "batch", str(recording)),
        *("--workers", "1", "--out", str(out)),
    ]
    config = {
        "DASK_SCHEDULER_ADDRESS": "tcp://192.0.2.1:8786",
        "DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__STATUS__TASK_STREAM_LENGTH": "10",
        "DASK_DISTRIBUTED__WORKER__PRELOAD": "http://192.0.2.1/preload.py",
    }
    traced = Traced(command, "%network", tmp_path, **config)
    assert traced.run.returncode == 0, traced.run.stderr
    assert places(traced.calls) == {"127.0.0.1"}
    assert any(re.search(r"\bbind\(.*127\.0\.0\.1", call) for call in traced.calls)
    families = {re.findall(r"\bsocket(?:pair)?\((\w+)", call)[0] for call in sockets(traced.calls)}
    assert families <= {*LOCAL, "AF_INET"}
    kept = [*traced.home.rglob("*"), *traced.temporary.rglob("*")]
    assert [path for path in kept if path.is_file()] == []


@pytest.mark.process
@pytest.mark.parametrize(
    ("act", "place"),
    [("connect(('192.0.2.1', 9))", "192.0.2.1"), ("bind(('0.0.0.0', 0))", "0.0.0.0")],
)
def test_the_same_harness_catches_another_place(act: str, place: str, tmp_path: Path) -> None:
    """Control: a datagram socket of a child process, which sends nothing."""
    code = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).{act}"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
    traced = Traced([sys.executable, "-c", child], "%network", tmp_path)
    assert place in places(traced.calls)


# --- a session: windows, voice and tones --------------------------------------------------------


def led(folder: Path) -> list[str]:
    """The command of a whole session, with pictures, speech and tones."""
    return [
        *(sys.executable, "-m", "posecheck", "session", "--exercise", "childs_pose"),
        *("--source", str(CLIP), "--fast", "--model", "lite", "--voice", "full"),
        *("--transcript", str(folder / "said.txt")),
    ]


@contextmanager
def local_world(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a session that is drawn in memory.

    Its speech server hangs up at once and no sound server is started: Qt would start them, and they
    would outlive the session.
    """
    address, settings = folder / "speech", folder / "pulse.conf"
    settings.write_text("autospawn = no\n")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(address))
        server.listen()

        def hang_up() -> None:
            with suppress(OSError):  # the server is closed: the session is over
                while True:
                    server.accept()[0].close()

        thread = Thread(target=hang_up)
        thread.start()
        try:
            yield {
                "QT_QPA_PLATFORM": "offscreen",
                "POSECHECK_HOME": str(folder / "posecheck"),
                "SPEECHD_ADDRESS": f"unix_socket:{address}",
                "PULSE_CLIENTCONFIG": str(settings),
            }
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def said_and_sounded(folder: Path) -> bool:
    """Whether the session had something to say and to play."""
    transcript = (folder / "said.txt").read_text(encoding="utf-8")
    return " says " in transcript and " tone " in transcript


LOCAL = {"AF_UNIX", "AF_NETLINK"}
"""Kinds of sockets that cannot leave this computer: to its own programs (speech, sound, desktop)
and to its kernel (the list of devices)."""


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="strace and these servers are Linux's")
def test_a_whole_session_opens_no_socket_to_a_network(tmp_path: Path) -> None:
    """Qt asks the voice and the sound server of this computer, and no other. Only the log is left
    behind: no picture and no tone."""
    with local_world(tmp_path) as environment:
        traced = Traced(led(tmp_path), "%network", tmp_path, **environment)
    assert traced.run.returncode == 0, traced.run.stderr
    assert said_and_sounded(tmp_path)
    made = sockets(traced.calls)
    assert any(environment["SPEECHD_ADDRESS"].partition(":")[2] in call for call in traced.calls)
    families = {re.findall(r"\bsocket(?:pair)?\((\w+)", call)[0] for call in made}
    assert families <= LOCAL, made
    assert not [call for call in traced.calls if "AF_INET" in call]
    kept = [*traced.home.rglob("*"), *traced.temporary.rglob("*")]
    assert [path for path in kept if path.is_file()] == []
    written = {p.name: p for p in (tmp_path / "posecheck").rglob("*") if p.is_file()}
    assert set(written) == {"posecheck.log", "history.sqlite3", ".history.sqlite3.lock"}
    log = written["posecheck.log"]
    lines = log.read_text(encoding="utf-8").splitlines()
    assert any("command: posecheck session" in line for line in lines)
    assert len(lines) < 20  # not one for each of the 200 frames


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="unshare is Linux's")
def test_a_session_works_without_any_network(tmp_path: Path) -> None:
    """In an empty network namespace, as `test_everything_works_without_any_network`."""
    alone = [program("unshare", "-rn", "true"), "-rn"]
    with local_world(tmp_path) as environment:
        run = subprocess.run(
            [*alone, *led(tmp_path)],
            env=os.environ | environment,
            capture_output=True,
            text=True,
        )
    assert run.returncode == 0, run.stderr
    assert "correct" in run.stdout
    assert said_and_sounded(tmp_path)


# --- what is kept -------------------------------------------------------------------------------

WRITING = "%file,memfd_create"
WRITES = re.compile(
    r"\b(?:open(?:at)?\(.*\b(?:O_WRONLY|O_RDWR|O_CREAT)\b"
    r"|(?:creat|mkdir(?:at)?|mknod(?:at)?|rename(?:at2?)?|link(?:at)?|symlink(?:at)?|truncate"
    r"|memfd_create)\()"
)


def written(calls: list[str]) -> set[str]:
    """Every path that was opened for writing, created or renamed to, as the program named it."""
    attempts = [call for call in calls if WRITES.search(call) and " = -1 " not in call]
    return {path for call in attempts for path in re.findall(r'"([^"]*)"', call)}


@pytest.mark.process
def test_no_picture_is_kept(tmp_path: Path) -> None:
    """A run leaves its two results and nothing else anywhere, not even a log; and nothing else was
    ever written."""
    out = tmp_path / "out"
    traced = Traced(analyze(out), WRITING, tmp_path)
    assert traced.run.returncode == 0, traced.run.stderr
    assert {path.name for path in out.iterdir()} == {"frames.jsonl", "summary.json"}
    assert [*traced.home.rglob("*"), *traced.temporary.rglob("*")] == []
    paths = written(traced.calls)
    assert str(out / "summary.json") in paths
    elsewhere = {path for path in paths if Path(path) != out and out not in Path(path).parents}
    assert elsewhere <= {os.devnull}
    inside = {Path(path).name for path in paths if out in Path(path).parents}
    trial = re.compile(r"\.posecheck-[0-9a-f]{16}\.part")  # temporary names
    assert {trial.sub("", name) for name in inside} <= {
        *("frames.jsonl", "summary.json", "", ".jsonl", ".json")
    }


@pytest.mark.process
def test_the_same_harness_catches_a_kept_picture(tmp_path: Path) -> None:
    code = (
        "import tempfile, pathlib; f = tempfile.TemporaryFile(); f.write(b'picture'); "
        "pathlib.Path.home().joinpath('picture.png').write_bytes(b'picture')"
    )
    traced = Traced([sys.executable, "-c", code], WRITING, tmp_path)
    paths = written(traced.calls)
    assert str(traced.home / "picture.png") in paths
    assert any(path.startswith(str(traced.temporary)) for path in paths)
