"""Where `parley` and `python -m assistant` begin: Ctrl-C is quiet even while the program itself is loaded."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program; never returns."""
    try:
        from assistant.cli import main as run  # some 50 ms, on a cold disk a second, in which Ctrl-C may come

        run()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)  # which `ExitCode` calls INTERRUPTED, if that could be imported


if __name__ == "__main__":
    main()
