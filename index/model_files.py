"""The files of a model that ships in the package: what there should be, and reading it checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Self

from index.errors import ModelError

REINSTALL = "Install Parley again, from where it was installed, to get its files back"


@dataclass(frozen=True)
class ModelFile:
    """One shipped file, as the manifest describes it."""

    name: str
    size: int
    """Bytes."""
    sha256: str
    error: type[ModelError] = ModelError
    """What is raised, and the word in it for the model that the file belongs to."""

    def read(self, folder: Path) -> bytes:
        """Its bytes, checked. Raises `error` when the file is missing, cut short or altered."""
        path = folder / self.name
        content = read_bytes(path, self.error)
        if len(content) != self.size:
            raise self.error(
                f"The {self.error.model}'s file {path} has {len(content):,} bytes instead of {self.size:,}.",
                REINSTALL,
            )
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise self.error(
                f"The {self.error.model}'s file {path} was altered: its checksum is wrong.", REINSTALL
            )
        return content


@dataclass(frozen=True)
class ModelManifest:
    """What a model folder should hold, from its `manifest.json`; each model adds what it states besides."""

    error: ClassVar[type[ModelError]] = ModelError
    needed: ClassVar[tuple[str, ...]] = ("model.onnx",)
    """Files without which a manifest makes no sense."""

    name: str
    max_tokens: int
    """Wordpieces that are read at a time, markers included."""
    files: Mapping[str, ModelFile]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a folder's manifest. Raises `error` when there is none, or it makes no sense."""
        path = folder / "manifest.json"
        content = read_bytes(path, cls.error)
        try:
            entry = json.loads(content)
            files = {name: ModelFile(name, error=cls.error, **file) for name, file in entry["files"].items()}
            stated: dict[str, Any] = {field.name: entry[field.name] for field in fields(cls)}
            _ = [files[name] for name in cls.needed]
            return cls(**stated | {"files": files})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise cls.error(f"The {cls.error.model}'s file {path} is damaged.", REINSTALL) from error

    def digest(self, *parts: str) -> str:
        """The name, and twelve digits of the sha256 of what its vectors or scores follow from."""
        return f"{self.name}-{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:12]}"


def read_bytes(path: Path, error: type[ModelError]) -> bytes:
    """A file's bytes. Raises `error` when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as failure:
        raise error(f"The {error.model}'s file {path} cannot be read: {failure.strerror}.", REINSTALL) from failure
