"""The two readers of a vector store: they give the same answers, and load and say no more than they must."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from index import vectors, vectors_reading
from index.errors import DamagedError
from vector_stores import DIMENSION, IDS, KEPT, ROOT, random_vectors, run


def test_engine_and_client_give_the_same_answers(store: Path) -> None:
    engine, client = vectors_reading.EngineReader(store), vectors_reading.ClientReader(store)
    asked = random_vectors(20, seed=9)
    assert engine.count() == client.count()
    for question in asked:
        for allowed in (None, IDS[::2], IDS[:7], ["unknown", IDS[4]], []):
            ours, theirs = engine.query(question, 20, allowed), client.query(question, 20, allowed)
            assert [name for name, _ in ours] == [name for name, _ in theirs]
            np.testing.assert_allclose([s for _, s in ours], [s for _, s in theirs], atol=1e-6)
    ours_kept, theirs_kept = engine.get([*IDS[:50], "unknown"]), client.get([*IDS[:50], "unknown"])
    assert ours_kept.keys() == theirs_kept.keys()
    for name, vector in ours_kept.items():
        np.testing.assert_allclose(vector, theirs_kept[name], atol=1e-6)
    assert engine.query(asked[0], 0) == client.query(asked[0], 0) == []
    engine.close()
    client.close()


def test_a_version_that_was_not_compared_is_read_through_the_client(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "installed_version", lambda _: "1.5.10")
    reader = vectors.open_reader(store)
    assert isinstance(reader, vectors_reading.ClientReader)
    assert reader.query(KEPT[8], 1)[0][0] == IDS[8]
    reader.close()
    writer = vectors.open_writer(store, DIMENSION)
    writer.add(["new"], random_vectors(1, seed=4))
    assert len(writer.ids()) == 901
    writer.close()


def test_the_client_too_reports_a_store_without_a_collection(tmp_path: Path) -> None:
    vectors_reading.open_client(tmp_path / "chroma").close()
    with pytest.raises(DamagedError, match="no collection"):
        vectors_reading.ClientReader(tmp_path / "chroma")


def test_pyproject_admits_only_compared_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = [line for line in project["dependencies"] if line.startswith("chromadb")]
    assert pins
    assert {pin.removeprefix("chromadb==") for pin in pins} <= set(vectors.COMPARED_VERSIONS)


def test_importing_loads_neither_chroma_nor_numpy() -> None:
    done = run(
        "import sys, index.vectors; print({'chromadb', 'numpy', 'chromadb_rust_bindings'} & {*sys.modules})"
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_asking_loads_no_python_of_chroma_and_says_nothing(store: Path) -> None:
    code = """
import sys, numpy
from pathlib import Path
from index.vectors import open_reader
reader = open_reader(Path(sys.argv[1]))
print(len(reader.query(numpy.ones(32, "float32"), 5)), len(reader.get(["0" * 32])))
print(sorted({"chromadb", "posthog", "opentelemetry", "pydantic"} & {*sys.modules}))
"""
    done = run(code, store)
    assert (done.stdout, done.stderr) == ("5 1\n[]\n", "")


def test_writing_says_nothing_either(tmp_path: Path) -> None:
    code = """
import sys, numpy
from pathlib import Path
from index.vectors import open_writer
writer = open_writer(Path(sys.argv[1]), 4)
writer.add(["a"], numpy.eye(1, 4, dtype="float32"))
writer.close()
"""
    done = run(code, tmp_path / "chroma")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
