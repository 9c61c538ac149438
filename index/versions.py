"""Which version of a package is installed, without what `importlib.metadata` costs at every start."""

import os
import sys
from contextlib import suppress


def installed_version(package: str) -> str:
    """The version of an installed package, by the name of the folder that its installer left beside it.

    `importlib.metadata` finds it elsewhere, too, but takes some 20 ms, most of it for a parser of mail, and so is
    asked only where there is no such folder.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    prefix, suffix = f"{package.replace('-', '_')}-", ".dist-info"
    for place in sys.path:
        with suppress(OSError), os.scandir(place or os.curdir) as found:
            for entry in found:
                if entry.name.startswith(prefix) and entry.name.endswith(suffix):
                    return entry.name.removeprefix(prefix).removesuffix(suffix)
    from importlib.metadata import version

    return version(package)
