"""Where `parley` and `python -m assistant` begin and end: Ctrl-C is quiet in both, and the end is quick."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program; never returns."""
    try:
        from assistant.cli import main as run  # some 50 ms, on a cold disk a second, in which Ctrl-C may come

        run()
    except KeyboardInterrupt:
        _end_soon()
        sys.stderr.write("interrupted\n")
        sys.exit(130)  # which `ExitCode` calls INTERRUPTED, if that could be imported
    finally:
        _end_soon()


def _end_soon() -> None:
    """Python takes a moment to end, in which one more Ctrl-C shall change nothing; and make it a short one."""
    import gc
    import signal  # loaded long ago, but where it was interrupted at its very beginning

    gc.freeze()  # memory is given back whole: to look for cycles in it, as Python does several times, takes 40 ms
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One that hit code in a string, of which dataclasses are made, would else be repeated by Python as it ends,
    # whatever was made of it: https://github.com/python/cpython/blob/3.11/Python/pythonrun.c, `run_eval_code_obj`.
    exec("")  # noqa: S102 - for what it forgets


if __name__ == "__main__":
    main()
