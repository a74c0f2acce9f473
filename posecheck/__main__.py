"""The entry point: `posecheck` and `python -m posecheck`.

Every error that the user can cause or meet ends here as one sentence on stderr and exit code 2;
Ctrl-C is 130. A bug of posecheck leaves a crash file, a sentence that names it, and exit code 1.
"""

from __future__ import annotations

import io
import sys

from posecheck.cli import app
from posecheck.io.errors import sentence_of
from posecheck.io.terminal import printable_stream

INTERRUPTED = 130
"""Exit code after Ctrl-C."""


def main() -> None:
    """Run the command line and exit."""
    _replace_unknown_characters()
    code = _run()
    raise SystemExit(1 if _met_bugs() and code != INTERRUPTED else code)


def _run() -> str | int | None:
    """Run the command; its exit code."""
    try:
        app(prog_name="posecheck")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            print("Stopped.", file=sys.stderr)
        return end.code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `posecheck list | head`
        sys.stdout = None
    except Exception as error:
        return _tell(error)
    return 0


def _tell(error: Exception) -> int:
    """Say on stderr what stopped the command; the exit code."""
    # Imported here: `--help` and `--version` need none of it.
    from posecheck.io.diagnosis.crash import REPORTER
    from posecheck.io.diagnosis.log import log_refusal

    if sentence := sentence_of(error):
        log_refusal(error, sentence)
        print(sentence, file=sys.stderr)
        return 2
    REPORTER.tell(error)
    return 1


def _met_bugs() -> bool:
    """Whether a bug was met that did not end the command, as in a slot of a window."""
    crash = sys.modules.get("posecheck.io.diagnosis.crash")
    return crash is not None and crash.REPORTER.bugs > 0


def _replace_unknown_characters() -> None:
    """Print "?" for what the terminal's encoding lacks, such as a degree sign in a C locale, and
    no control characters of file names and arguments."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.stdout, sys.stderr = printable_stream(sys.stdout), printable_stream(sys.stderr)


if __name__ == "__main__":
    main()
