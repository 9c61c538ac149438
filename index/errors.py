"""What can go wrong between a folder of articles and its index.

IndexingError
├── CorpusError          the folder is missing, not readable, or holds no readable article
├── LockedError          another process is indexing the same corpus
├── StateError           the state folder cannot be written
├── DamagedError         catalog or vectors are there but cannot be read
└── EncoderError         the shipped model is missing, altered or cannot be loaded
"""

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


class EncoderError(IndexingError):
    """The shipped model is missing, altered or cannot be loaded."""
