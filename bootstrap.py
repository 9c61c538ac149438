"""Run a command in the project's own environment, making that environment first where it is missing.

    python3 bootstrap.py parley ask "Who led the talks?"
    python3 bootstrap.py pytest

Needs Python 3.11 or later and nothing else. The environment is the folder .venv beside this file, made
from the hashed lock files; it is brought up to date when they or pyproject.toml change.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"


def main() -> int:
    """Prepare the environment and become the command."""
    if sys.version_info < (3, 11):  # noqa: UP036  the very check that this interpreter is not too old
        print("bootstrap.py: Python 3.11 or later is needed; this is", sys.version.split()[0], file=sys.stderr)
        return 2
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    command, *arguments = sys.argv[1:]
    # Answering needs no test tools; everything else gets them.
    prepare([RUNTIME_LOCK] if command == "parley" else [RUNTIME_LOCK, DEVELOPMENT_LOCK])
    program = ENVIRONMENT / "bin" / command
    if not program.exists():
        print(f"bootstrap.py: there is no {command} in {ENVIRONMENT}", file=sys.stderr)
        return 127
    environment = {**os.environ, "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    return os.execve(program, [str(program), *arguments], environment)


def prepare(locks: list[Path]) -> None:
    """Install what the locks name, each only when it is not what was installed last."""
    # Scripts of an environment name its place and its interpreter: a folder that was moved needs a new one.
    home = f"{ENVIRONMENT} {sys.version}"
    made_for = ENVIRONMENT / "made-for"
    if ENVIRONMENT.exists() and (not made_for.exists() or made_for.read_text() != home):
        shutil.rmtree(ENVIRONMENT)
    for lock in locks:
        stamp = ENVIRONMENT / f"{lock.name}.installed"
        wanted = digest(lock, ROOT / "pyproject.toml")
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        print(
            f"bootstrap.py: installing {lock.name} into {ENVIRONMENT.name} (once, a minute or two)",
            file=sys.stderr,
        )
        if not (ENVIRONMENT / "bin" / "python").exists():
            create_environment()
            made_for.write_text(home)
        pip("install", "--require-hashes", "-r", str(lock))
        pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
        stamp.write_text(wanted)


def create_environment() -> None:
    """Make an empty environment with pip in it, or end with what is missing."""
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        print(
            "bootstrap.py: this Python cannot make environments; on Debian: apt install python3-venv",
            file=sys.stderr,
        )
        sys.exit(2)


def pip(*arguments: str) -> None:
    """Run the environment's pip, quietly, or end with its exit code."""
    quiet = ("-m", "pip", "--disable-pip-version-check", "--no-input", "-q")
    done = subprocess.run([str(ENVIRONMENT / "bin" / "python"), *quiet, *arguments], stdout=sys.stderr)
    if done.returncode:
        sys.exit(done.returncode)


def digest(*files: Path) -> str:
    """One hash over the files."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
