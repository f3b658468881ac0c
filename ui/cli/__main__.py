"""``python -m ui.cli``: the command where it is not installed."""

import sys

from ui.cli import run

if __name__ == "__main__":
    sys.exit(run())
