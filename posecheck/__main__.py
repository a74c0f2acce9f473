"""The entry point: `posecheck` and `python -m posecheck`.

Every error that the user can cause or meet ends here as one sentence on stderr and exit code 2.
After Ctrl-C, SIGTERM and SIGHUP the code is 130, 143 and 129: what was begun is removed, what
was there stays. A bug of posecheck leaves a crash file, a sentence that names it, and exit code 1.
"""

from __future__ import annotations

import io
import signal
import sys
from types import FrameType

from posecheck.cli import app
from posecheck.io.errors import sentence_of
from posecheck.io.interrupts import signalled
from posecheck.io.terminal import printable_stream

INTERRUPTED = 130
"""Exit code after Ctrl-C."""


def main() -> None:
    """Run the command line and exit."""
    _replace_unknown_characters()
    _end_in_order()
    code = _run()
    raise SystemExit(1 if _met_bugs() and not signalled else code)


def _run() -> str | int | None:
    """Run the command; its exit code."""
    try:
        app(prog_name="posecheck")
    except SystemExit as end:
        if end.code in (INTERRUPTED, *_ENDED):
            print("Stopped.", file=sys.stderr)
        return end.code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `posecheck list | head`
        sys.stdout = None
    except Exception as error:
        if signalled:
            # Qt's bindings sometimes raise an error of their own in place of the signal's.
            print("Stopped.", file=sys.stderr)
            return signalled[0]
        return _tell(error)
    return 0


def _tell(error: Exception) -> int:
    """Say on stderr what stopped the command; the exit code."""
    # Imported here: `--help` and `--version` need none of it.
    from posecheck.io.diagnosis.crash import REPORTER
    from posecheck.io.diagnosis.log import log_refusal
    from posecheck.io.diagnosis.private import without_credentials

    if sentence := sentence_of(error):
        log_refusal(error, sentence)
        print(without_credentials(sentence), file=sys.stderr)
        return 2
    REPORTER.tell(error)
    return 1


def _met_bugs() -> bool:
    """Whether a bug was met that did not end the command, as in a slot of a window."""
    crash = sys.modules.get("posecheck.io.diagnosis.crash")
    return crash is not None and crash.REPORTER.bugs > 0


_ENDED = [128 + signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Exit codes after these signals, as shells report them."""


def _end_in_order() -> None:
    """Let SIGTERM and SIGHUP end the command like Ctrl-C, with an exception. A second one ends it
    at once."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    for code in _ENDED:
        number = signal.Signals(code - 128)
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, _end)


def _interrupt(number: int, frame: FrameType | None) -> None:
    signalled.append(INTERRUPTED)
    raise KeyboardInterrupt


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    signalled.append(128 + number)
    raise SystemExit(128 + number)


def _replace_unknown_characters() -> None:
    """Print "?" for what the terminal's encoding lacks, such as a degree sign in a C locale, and
    no control characters of file names and arguments."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.stdout, sys.stderr = printable_stream(sys.stdout), printable_stream(sys.stderr)


if __name__ == "__main__":
    main()
