"""Start Hoi Dap: python start.py [FOLDER].  The standard library of Python 3.10 or newer is all it needs.

What it does is in scripts/setup; this file is written so that an older Python can read it and say so:
Python 2 takes nothing but ASCII.
"""

import os
import sys

OLDEST = (3, 10)

if __name__ == "__main__":
    if sys.version_info[:2] < OLDEST:
        told = (
            "Can Python 3.10 tro len (https://www.python.org/downloads/); day la {0}.{1}. Hay cai ban moi.\n"
        )
        told += "Python 3.10 or newer is needed (get it there) and this is {0}.{1}; then run this again.\n"
        sys.stderr.write(told.format(*sys.version_info[:2]))
        sys.exit(1)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from scripts.setup.main import main

    sys.exit(main())
