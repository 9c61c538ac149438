"""What `parley doctor` looks at: each check says what it found and, where something is wrong, what mends it."""

from __future__ import annotations

import importlib.util
import os
import platform
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.backends.choosing import Choice
from assistant.errors import BackendError, ConfigurationError
from assistant.locations import configuration_file
from assistant.phrasing import counted
from index.catalog import Catalog, Manifest
from index.errors import CorpusError, DamagedError, EncoderError, IndexingError, ModelError, StateError
from index.folder import Scan, scan
from index.freshness import Build, compare
from index.locks import FileLock, holder
from index.passages import SPLITTER
from index.sqlite_errors import is_there
from index.state import StateFolder
from index.vectors import find_themselves, open_reader

if TYPE_CHECKING:
    from assistant.settings import Settings

OURS = ("assistant", "index", "tui", "evals")
DEPENDENCIES = ("chromadb", "llama-index-core", "textual", "tiktoken", "httpx", "onnxruntime", "tokenizers")
ANOTHER_STATE = "give yourself the right to write there, or name another place with --state DIR"
SAMPLE = 50
"""Passages that are searched by their own vectors."""

Status = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    status: Status
    found: str
    mend: str = ""

    def to_json(self) -> dict[str, Any]:
        """The check as it stands in the report."""
        return {"name": self.name, "status": self.status, "found": self.found, "mend": self.mend}


class Diagnosis:
    """Looks at one installation and one corpus. Changes nothing that an answer depends on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._state = StateFolder.of(settings.corpus, settings.state)

    def checks(self) -> list[Check]:
        """Every check, in the order in which people would look."""
        return [
            check_versions(),
            check_packages(),
            self._configuration(),
            self._backend(),
            self._encoder(),
            self._reader(),
            self._corpus(),
            self._kept(),
            self._lock(),
            self._index(),
            self._vectors(),
        ]

    def _configuration(self) -> Check:
        file = configuration_file()
        used = str(file) if file.exists() else f"{file} (not there; defaults)"
        chosen = self._settings.min_confidence
        told = "" if chosen is None else f", minimum confidence {chosen:g}"
        return Check("configuration", "ok", f"{used}; backend {self._settings.backend}{told}")

    def _backend(self) -> Check:
        stated = self._settings.backend
        if stated == "extractive":
            return Check("backend", "ok", "extractive: answers need no model")
        from assistant.backends.choosing import backend_for  # what follows costs 0.1 to 0.3 s
        from assistant.backends.probing import probe

        try:
            backend = backend_for(Choice.of(stated), self._settings.base_url)
            assert backend is not None  # noqa: S101 - only extractive has none
            return Check("backend", "ok", f"{backend.name} began to reply after {probe(backend):.1f} s")
        except (BackendError, ConfigurationError) as error:
            return Check("backend", "problem", str(error), error.hint)

    def _encoder(self) -> Check:
        from index.encoder import OnnxEmbedder

        try:
            health = OnnxEmbedder().verify()
        except EncoderError as error:  # even what says which files there should be
            return Check("encoder", "problem", str(error), error.hint)
        if health.damage:
            return Check("encoder", "problem", health.damage, "reinstall the package")
        found = f"{health.identity}, files whole, off its reference vectors by {health.deviation:.5f}"
        if not health.healthy:
            return Check(
                "encoder", "problem", f"{found} where {health.tolerance} is allowed", "report this processor"
            )
        return Check("encoder", "ok", found)

    def _reader(self) -> Check:
        from assistant.answering.reader import OnnxReader

        reader = OnnxReader()
        try:
            reader.load()
        except ModelError as error:  # the tokenizer is the encoder's
            return Check("reader", "problem", str(error), error.hint)
        return Check("reader", "ok", f"{reader.identity}, files whole")

    def _corpus(self) -> Check:
        try:
            found = scan(self._settings.corpus)
        except CorpusError as error:
            return Check("corpus", "problem", str(error), error.hint)
        others = ", ".join(f"{count} {suffix}" for suffix, count in sorted(found.others.items()))
        said = f"{found.root}: {counted(len(found.files), 'file')} to read" + (
            f"; passed over: {others}" if others else ""
        )
        if not found.files:
            return Check("corpus", "problem", said, "put .txt or .md files there, or name another folder")
        return Check("corpus", "note" if found.warnings else "ok", "; ".join([said, *found.warnings[:5]]))

    def _kept(self) -> Check:
        """Can the state be written? Looked at without making anything."""
        root = self._state.root
        place = next(folder for folder in (root, *root.absolute().parents) if os.path.lexists(folder))
        if not place.is_dir():
            return Check("state", "problem", f"{root} cannot be made: {place} is no folder", ANOTHER_STATE)
        if not os.access(place, os.W_OK | os.X_OK):
            return Check("state", "problem", f"{place} cannot be written", ANOTHER_STATE)
        return Check("state", "ok", str(root))

    def _lock(self) -> Check:
        try:
            writer = holder(self._state.lock)
        except StateError as error:
            return Check("lock", "problem", str(error), error.hint)
        return Check("lock", "note", f"held by {writer}") if writer else Check("lock", "ok", "free")

    def _index(self) -> Check:
        try:
            if not is_there(self._state.catalog):
                return Check("index", "note", "not built yet", "parley index")
            with closing(Catalog.open(self._state.catalog)) as catalog:
                return self._inside(catalog, scan(self._settings.corpus))
        except DamagedError as error:
            return Check("index", "problem", str(error), "parley doctor --fix")
        except EncoderError:
            return Check("index", "note", "not compared with the folder, because the encoder is damaged")
        except IndexingError as error:
            return Check("index", "problem", str(error), error.hint)

    def _inside(self, catalog: Catalog, found: Scan) -> Check:
        from index.encoder import OnnxEmbedder

        manifest = catalog.manifest()
        if manifest is None or not manifest.store:
            return Check("index", "note", "not finished yet", "parley index")
        broken = catalog.broken()
        if broken:
            return Check("index", "problem", f"the catalog is damaged: {broken}", "parley doctor --fix")
        known = catalog.files()
        articles, passages = catalog.counts()
        said = f"{counted(articles, 'article')}, {counted(passages, 'passage')}, of {manifest.updated}"
        unreadable = [f"{path} {file.unreadable}" for path, file in known.items() if file.unreadable]
        if unreadable:
            said += f"; skipped: {'; '.join(unreadable[:5])}"
        embedder = OnnxEmbedder()
        build = Build(embedder.identity, embedder.dimension, SPLITTER)
        if compare(found, manifest, known, build):
            return Check("index", "note", f"{said}; the folder has to be looked at again", "parley index")
        return Check("index", "ok", said)

    def _vectors(self) -> Check:
        try:
            with closing(Catalog.open(self._state.catalog)) as catalog:
                manifest, ids = catalog.manifest(), catalog.passage_ids()
            if manifest is None or not manifest.store:
                return Check("vectors", "note", "none yet", "parley index")
            return self._self_search(manifest, ids)
        except DamagedError as error:
            if not is_there(self._state.catalog):
                return Check("vectors", "note", "none yet", "parley index")
            return Check("vectors", "problem", str(error), "parley doctor --fix")
        except StateError as error:
            return Check("vectors", "problem", str(error), error.hint)
        except IndexingError as error:
            return Check("vectors", "note", str(error), error.hint)

    def _self_search(self, manifest: Manifest, ids: list[str]) -> Check:
        """Can passages be found by their own vectors? What tells a whole graph from one with holes."""
        with FileLock(self._state.chroma_lock).held(2):
            reader = open_reader(self._state.store(manifest.store))
        with closing(reader):
            found = find_themselves(reader, ids, SAMPLE)
        said = f"{found:.0%} of {min(SAMPLE, len(ids))} sampled passages are found by their own vectors"
        if found < 1:
            return Check("vectors", "problem", said, "parley doctor --fix")
        return Check("vectors", "ok", said)


def check_versions() -> Check:
    """Python and the packages that matter."""
    found = [f"Python {platform.python_version()}"]
    missing = []
    for name in ("parley", *DEPENDENCIES):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("versions", "problem", f"not installed: {', '.join(missing)}", "reinstall the package")
    return Check("versions", "ok", ", ".join(found))


def check_packages() -> Check:
    """Do our four packages come from one place? Their names are common, and another may stand before one."""
    places: dict[str, Path | None] = {}
    for name in OURS:
        spec = importlib.util.find_spec(name)
        places[name] = Path(spec.origin).parent.parent if spec and spec.origin else None
    here = Path(__file__).resolve().parent.parent
    strangers = [
        f"{name} from {place}" for name, place in places.items() if place is None or place.resolve() != here
    ]
    if strangers:
        found = f"expected in {here}, but {', '.join(strangers)}"
        return Check("packages", "problem", found, "run parley outside that folder, or in a fresh environment")
    return Check("packages", "ok", f"{', '.join(OURS)} from {here}")
