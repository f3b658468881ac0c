"""``python -m ui.cli``: the command where it is not installed."""

import sys

from ui.cli import main

if __name__ == "__main__":
    sys.exit(main())
