"""The command ``hoidap``, and the one place where errors become a sentence and an exit code."""

from __future__ import annotations

import argparse
import atexit
import errno
import logging
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

from eval.errors import EvaluationError
from index.errors import IndexingError
from index.platform import speak_utf8
from rag.errors import AnsweringError
from ui.errors import WindowError

KNOWN_ERRORS = (IndexingError, AnsweringError, EvaluationError, WindowError, OSError)
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
_REMEDIES = dict.fromkeys(
    (errno.ENOSPC, errno.EDQUOT), "Make room on its disk and run the command again."
) | dict.fromkeys(_CLOSED, "Give yourself the right to it, or choose another place.")


def run() -> int:
    """Run the command of the program ``hoidap`` and end, whatever a thread is still at.

    Python would end a thread inside a library of C++, in an answer or while a model is loaded, and such a library then
    aborts the whole program, seconds later and by a signal.
    """
    code = 1  # of an error that --debug raises

    def leave() -> None:
        if any(thread.daemon for thread in threading.enumerate()):
            logging.shutdown()
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            os._exit(code)

    atexit.register(leave)  # before anything else is, so that it comes last; other threads have ended by then
    code = main()
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, the window where none is named.

    0: done, 1: an error told on stderr, 2: wrong usage, 130: interrupted.
    """
    from ui.cli.parser import build_parser  # every command with all that it needs

    speak_utf8(sys.stdout, sys.stderr)
    named = sys.argv[1:] if arguments is None else arguments
    args = build_parser().parse_args(named or ["ui"])
    try:
        if not getattr(args, "binds_itself", False):
            _bind(args)
        code: int = args.run(args)
        return code
    except BrokenPipeError:
        # The reader of the output has gone; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KNOWN_ERRORS as error:
        if args.debug:
            raise
        sys.stderr.write(f"hoidap: {_sentence(error)}\n{_in_vietnamese(error)}")
        return 1
    except Exception as error:  # a person gets a sentence, and --debug shows the rest
        if args.debug:
            raise
        sys.stderr.write(f"hoidap: unexpected {type(error).__name__}: {error}; --debug shows where\n")
        return 1
    except KeyboardInterrupt:
        if args.debug:
            raise
        sys.stderr.write("hoidap: stopped\n")
        return 130


def _bind(args: argparse.Namespace) -> None:
    """Let the store's folder belong to the database of the configuration; one that names none changes nothing."""
    from index.store.database.binding import bind
    from rag.config import read_config

    if "store" in args and (url := read_config(args.config).database.url) is not None:
        bind(args.store, url)


def _sentence(error: Exception) -> str:
    """Tell an error; what the system says of a file or folder gets its remedy."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if error.filename is None and error.errno not in _REMEDIES:
        return str(error)  # no memory, no connection: it concerns no file
    place = "A file" if error.filename is None else os.fsdecode(error.filename)
    remedy = _REMEDIES.get(error.errno or 0, "Check its path and try again.")
    return f"{place} cannot be read or written ({error.strerror}). {remedy}"


def _in_vietnamese(error: Exception) -> str:
    """Errors that a user may meet without having set the program up are printed in Vietnamese too."""
    from ui.strings import words_in
    from ui.views.errors import error_text_of_code

    code = getattr(error, "code", "")
    if isinstance(error, OSError):
        code = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full"}.get(error.errno or 0, "")
        code = code or ("closed" if error.errno in _CLOSED else "")
    if code not in ("database", "driver", "newer", "full", "closed", "disk_full"):
        return ""
    return f"        {error_text_of_code(code, str(error), words_in('vi')).sentence}\n"


__all__ = ["terminal"]
