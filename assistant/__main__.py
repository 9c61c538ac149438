"""Where `parley` and `python -m assistant` begin and end: Ctrl-C is quiet while it is loaded, and at its end."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program; never returns."""
    try:
        from assistant.cli import main as run  # some 50 ms, on a cold disk a second, in which Ctrl-C may come

        run()
    except KeyboardInterrupt:
        _hear_no_more()
        sys.stderr.write("interrupted\n")
        sys.exit(130)  # which `ExitCode` calls INTERRUPTED, if that could be imported
    finally:
        _hear_no_more()


def _hear_no_more() -> None:
    """Python takes a moment to end, in which one more Ctrl-C shall change nothing."""
    import signal  # loaded long ago, but where it was interrupted at its very beginning

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One that hit code in a string, of which dataclasses are made, would else be repeated by Python as it ends,
    # whatever was made of it: https://github.com/python/cpython/blob/3.11/Python/pythonrun.c, `run_eval_code_obj`.
    exec("")  # noqa: S102 - for what it forgets


if __name__ == "__main__":
    main()
