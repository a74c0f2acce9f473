"""The way in: `posecheck` and `python -m posecheck`.

Every mistake that a person can make or meet ends here as one sentence on stderr and exit code 2;
Ctrl-C is 130. A traceback is left to mistakes of posecheck itself.
"""

from __future__ import annotations

import io
import sys

from posecheck.cli import CommandError, app
from posecheck.io.errors import sentence_of


def main() -> None:
    """Run the command line and exit."""
    _say_anything()
    try:
        app(prog_name="posecheck")
    except SystemExit as end:
        if end.code == 130:
            print("Stopped.", file=sys.stderr)
        raise
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:  # `posecheck list | head`
        sys.stdout = None
        raise SystemExit(0) from None
    except CommandError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        raise SystemExit(2) from None


def _say_anything() -> None:
    """What the terminal's encoding has no sign for, as a degree in a C locale, is shown as "?"."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
