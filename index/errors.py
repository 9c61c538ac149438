"""What can go wrong between a folder of articles and its index.

IndexingError
├── CorpusError          the folder is missing, not readable, or holds no readable article
├── LockedError          another process is indexing the same corpus
├── StateError           the state folder cannot be written
├── DamagedError         catalog or vectors are there but cannot be read
└── ModelError           a shipped model is missing, altered or cannot be loaded
    └── EncoderError     the one that turns texts into vectors
"""

from typing import ClassVar

REBUILD_HINT = "rebuild it with: parley index --rebuild"


class IndexingError(Exception):
    """What failed, in one line for people, and in `hint` the command or step that mends it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class CorpusError(IndexingError):
    """The corpus folder is missing, not readable, or holds no readable article."""


class LockedError(IndexingError):
    """Another process is indexing the same corpus."""


class StateError(IndexingError):
    """The state folder cannot be written."""


class DamagedError(IndexingError):
    """The catalog or the vectors are there but cannot be read."""


class ModelError(IndexingError):
    """A shipped model is missing, altered or cannot be loaded."""

    model: ClassVar[str] = "model"
    """What messages call it."""


class EncoderError(ModelError):
    """The shipped encoder is missing, altered or cannot be loaded."""

    model = "encoder"
