"""The shipped encoder: meaning in, one vector a text out, the same whatever stands beside it."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import MODEL_FOLDER, Embedder, OnnxEmbedder
from index.errors import EncoderError

ROOT = Path(__file__).parent.parent
SHORT = "The trade deficit reached $375.2 billion."
LONG = "Heavy rain closed three mountain passes on Tuesday, and trains will run late until the weekend. " * 4
TEXTS = (SHORT, LONG, "", "Yes.", "两国在联合声明中表示。", "Who said so?")
BY_THREADS = {threads: OnnxEmbedder(threads=threads) for threads in (1, 2, 3)}


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder(threads=2)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A model folder of the test's own, to damage."""
    for name in ("model.onnx", "tokenizer.json", "reference.json", "manifest.json"):
        shutil.copyfile(MODEL_FOLDER / name, tmp_path / name)
    return tmp_path


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)


class TestVectors:
    def test_rows_have_length_one_and_the_stated_dimension(self, embedder: OnnxEmbedder) -> None:
        vectors = embedder.embed(TEXTS)
        assert vectors.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), 384)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)

    def test_no_texts_make_no_rows(self, embedder: OnnxEmbedder) -> None:
        assert embedder.embed([]).shape == (0, embedder.dimension)

    def test_near_meaning_is_nearer_than_far_meaning(self, embedder: OnnxEmbedder) -> None:
        question, near, far = embedder.embed(
            [
                "How large was the trade gap with China?",
                "America bought $375 billion more from Beijing than it sold there.",
                "The bakery on the corner sells its bread warm until noon.",
            ]
        )
        assert question @ near > question @ far + 0.3

    def test_reference_vectors_come_out_again(self, embedder: OnnxEmbedder) -> None:
        health = embedder.verify()
        assert health.damage is None
        assert health.deviation is not None
        assert health.deviation <= health.tolerance
        assert health.healthy

    def test_it_is_an_embedder_named_by_model_and_content(self, embedder: OnnxEmbedder) -> None:
        seam: Embedder = embedder
        assert seam.identity.startswith("all-MiniLM-L6-v2-int8-")
        assert len(seam.identity.rsplit("-", 1)[1]) == 12


class TestDeterminism:
    @given(order=st.lists(st.sampled_from(TEXTS), max_size=7), threads=st.integers(1, 3))
    @settings(max_examples=20)
    def test_neighbours_order_and_threads_change_no_digit(
        self, embedder: OnnxEmbedder, order: list[str], threads: int
    ) -> None:
        alone = {text: embedder.embed([text])[0] for text in TEXTS}
        for text, vector in zip(order, BY_THREADS[threads].embed(order), strict=True):
            assert np.array_equal(vector, alone[text])

    def test_a_long_neighbour_pads_nothing(self, embedder: OnnxEmbedder) -> None:
        assert np.array_equal(embedder.embed([SHORT, LONG * 10])[0], embedder.embed([SHORT])[0])

    def test_two_loaded_models_agree(self, embedder: OnnxEmbedder) -> None:
        assert np.array_equal(OnnxEmbedder().embed(TEXTS), embedder.embed(TEXTS))

    def test_many_threads_may_share_one_that_is_not_loaded_yet(self, embedder: OnnxEmbedder) -> None:
        shared = OnnxEmbedder(threads=2)
        results: dict[int, bool] = {}
        expected = embedder.embed(TEXTS)

        def work(number: int) -> None:
            results[number] = np.array_equal(shared.embed(TEXTS), expected)

        workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert results == dict.fromkeys(range(4), True)


class TestOddTexts:
    def test_what_follows_the_first_256_wordpieces_does_not_count(self, embedder: OnnxEmbedder) -> None:
        words = "rain " * 254
        cut, longer, shorter = embedder.embed([words, words + "gold " * 50, "rain " * 100 + "gold"])
        assert np.array_equal(cut, longer)
        assert not np.array_equal(cut, shorter)

    def test_fifty_thousand_characters_are_embedded_by_their_beginning(self, embedder: OnnxEmbedder) -> None:
        text = LONG * (50_000 // len(LONG) + 1)
        assert np.array_equal(*embedder.embed([text, text[:5_000]]))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " \n\t ",
            "\ud83d",
            "half \udc00 a pair",
            "\x00\x1b[31m",
            "😀🏳️‍🌈",
            "ａ" * 300,
            "مرحبا بالعالم",
            "x" * 50_000,
        ],
        ids=["empty", "blank", "high", "low", "control", "emoji", "wide", "arabic", "one word"],
    )
    def test_any_string_has_a_finite_vector(self, embedder: OnnxEmbedder, text: str) -> None:
        assert np.linalg.norm(embedder.embed([text])[0]) == pytest.approx(1, abs=1e-5)

    def test_random_characters_do_no_harm(self, embedder: OnnxEmbedder) -> None:
        pick = random.Random(7)  # noqa: S311
        texts = ["".join(chr(pick.randrange(0x110000)) for _ in range(60)) for _ in range(8)]
        assert np.isfinite(embedder.embed(texts)).all()


class TestDamage:
    @pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "manifest.json"])
    def test_a_missing_file_is_named_and_a_remedy_given(self, copied: Path, name: str) -> None:
        (copied / name).unlink()
        with pytest.raises(EncoderError, match=name) as raised:
            OnnxEmbedder(copied).embed([SHORT])
        assert "Install Parley again" in raised.value.hint

    @pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
    def test_a_truncated_file_is_refused(self, copied: Path, name: str) -> None:
        content = (copied / name).read_bytes()
        (copied / name).write_bytes(content[:-100])
        with pytest.raises(EncoderError, match=rf"{name} has .* bytes instead of"):
            OnnxEmbedder(copied).embed([SHORT])

    @pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
    def test_one_altered_byte_is_refused_when_the_model_loads(self, copied: Path, name: str) -> None:
        content = bytearray((copied / name).read_bytes())
        content[len(content) // 2] ^= 1
        (copied / name).write_bytes(content)
        with pytest.raises(EncoderError, match=rf"{name} was altered"):
            OnnxEmbedder(copied).load()

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": {"model.onnx": {"size": 1}}}'])
    def test_a_manifest_that_makes_no_sense_is_refused(self, copied: Path, content: str) -> None:
        (copied / "manifest.json").write_text(content, encoding="utf-8")
        with pytest.raises(EncoderError, match=r"manifest\.json is damaged"):
            OnnxEmbedder(copied)

    def test_a_folder_mended_later_loads(self, copied: Path) -> None:
        (copied / "tokenizer.json").unlink()
        embedder = OnnxEmbedder(copied)
        with pytest.raises(EncoderError):
            embedder.load()
        shutil.copyfile(MODEL_FOLDER / "tokenizer.json", copied / "tokenizer.json")
        assert embedder.embed([SHORT]).shape == (1, 384)

    def test_verify_reports_damage_that_came_after_loading(self, copied: Path) -> None:
        embedder = OnnxEmbedder(copied)
        embedder.load()
        (copied / "model.onnx").write_bytes(b"")
        health = embedder.verify()
        assert not health.healthy
        assert health.deviation is None
        assert "model.onnx" in (health.damage or "")

    def test_a_runtime_that_cannot_be_imported_is_explained(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "onnxruntime", None)
        with pytest.raises(EncoderError, match="runtime") as raised:
            OnnxEmbedder().load()
        assert "onnxruntime" in raised.value.hint


class TestWeight:
    def test_importing_and_naming_the_encoder_loads_nothing_heavy(self) -> None:
        code = (
            "import json, sys; from index.encoder import OnnxEmbedder; OnnxEmbedder().identity;"
            "print(json.dumps([m for m in ('numpy', 'onnxruntime', 'tokenizers') if m in sys.modules]))"
        )
        assert json.loads(run_python(code).stdout) == []

    def test_loading_and_embedding_write_nothing_to_the_terminal(self) -> None:
        done = run_python("from index.encoder import OnnxEmbedder; OnnxEmbedder().embed(['a', 'b'])")
        assert (done.stdout, done.stderr) == ("", "")

    def test_the_manifest_describes_the_files_that_ship(self) -> None:
        stated = json.loads((MODEL_FOLDER / "manifest.json").read_text(encoding="utf-8"))
        sizes = {name: (MODEL_FOLDER / name).stat().st_size for name in stated["files"]}
        assert sizes == {name: entry["size"] for name, entry in stated["files"].items()}
        assert sum(sizes.values()) < 25_000_000
