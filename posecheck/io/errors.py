"""Errors whose message is a sentence for the user."""

from __future__ import annotations

from posecheck.io.system_libraries import missing_library


class UserError(Exception):
    """Base of all errors that the user can cause or meet.

    The message is one complete sentence or two: what is wrong and what to do. The command line
    prints it without a traceback and exits with 2; windows show it as it is. Every other exception
    is a bug of posecheck.
    """


def sentence_of(error: BaseException) -> str | None:
    """The sentence to show for an error that stopped the program; None for a bug.

    A failed import and a refusal by the operating system are problems of the installation, not
    bugs.
    """
    if isinstance(error, ImportError):
        missing = f"A part of posecheck is not installed: {error}. Install posecheck again."
        return missing_library(error) or missing
    return str(error) if isinstance(error, (UserError, OSError)) else None


def system_reason(error: OSError) -> str:
    """Why the operating system refused, in lower case, to be used inside a sentence."""
    return (error.strerror or str(error)).lower()
