"""The shipped reader: whole words of the passage for a question, whatever either of them holds."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.reader import READER_FOLDER, OnnxReader, Reader
from assistant.answering.reader_model.windows import SPAN_TOKENS, Window, best_span, best_spans
from assistant.errors import ReaderError
from index.encoder import OnnxEmbedder

ROOT = Path(__file__).parent.parent
QUESTION = "How large was the trade deficit?"
PASSAGE = "Officials met on Tuesday. The trade deficit with China reached $375bn last year, the department said."
LONG = "Heavy rain closed three mountain passes, and trains ran late until the weekend. " * 60
ODD = {
    "empty": "",
    "blank": " \n\t ",
    "one word": "deficit",
    "one letter": "x",
    "punctuation": "... ,, !",
    "high surrogate": "\ud83d",
    "half a pair": "half \udc00 a pair",
    "control": "\x00\x1b[31mred\x07",
    "emoji": "😀🏳️‍🌈",
    "chinese": "两国在联合声明中表示，中国将增加购买美国商品和服务。",
    "arabic": "مرحبا بالعالم",
    "wide": "ａ" * 300,
    "endless word": "x" * 20_000,
    "markers": "[CLS] a [SEP] b [PAD]",
}


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader(threads=2)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A model folder of the test's own, to damage."""
    for name in ("model.onnx", "manifest.json"):
        shutil.copyfile(READER_FOLDER / name, tmp_path / name)
    return tmp_path


class TestSpans:
    def test_they_are_whole_words_of_the_passage_best_first(self, reader: OnnxReader) -> None:
        [reading] = reader.read(QUESTION, [PASSAGE])
        assert 1 <= len(reading.spans) <= 3
        margins = [span.margin for span in reading.spans]
        assert margins == sorted(margins, reverse=True)
        for span in reading.spans:
            assert PASSAGE[span.start : span.end].strip()
            assert not PASSAGE[span.start - 1 : span.start].isalnum() or span.start == 0
            assert not PASSAGE[span.end : span.end + 1].isalnum()

    def test_they_share_no_character(self, reader: OnnxReader) -> None:
        for reading in reader.read(QUESTION, [PASSAGE, LONG]):
            ordered = sorted(reading.spans, key=lambda span: span.start)
            assert all(one.end <= other.start for one, other in pairwise(ordered))

    def test_a_passage_of_many_windows_is_read_to_its_end(self, reader: OnnxReader) -> None:
        first, last = f"{PASSAGE} {LONG}", f"{LONG} {PASSAGE}"
        for text, reading in zip((first, last), reader.read(QUESTION, [first, last]), strict=True):
            assert abs(reading.spans[0].start - text.index("$375bn")) < len(PASSAGE)

    def test_a_passage_of_five_thousand_wordpieces_is_read(self, reader: OnnxReader) -> None:
        assert reader.read(QUESTION, ["rain " * 5_000])[0].spans

    def test_no_passages_make_no_readings(self, reader: OnnxReader) -> None:
        assert reader.read(QUESTION, []) == []

    def test_it_is_a_reader_named_by_model_and_content(self, reader: OnnxReader) -> None:
        seam: Reader = reader
        assert seam.identity.startswith("parley-reader-int8-")

    @pytest.mark.parametrize("passage", ODD.values(), ids=ODD)
    def test_any_passage_is_read(self, reader: OnnxReader, passage: str) -> None:
        [reading] = reader.read(QUESTION, [passage])
        assert bool(reading.spans) == any(map(str.isalnum, passage))
        for span in reading.spans:
            assert 0 <= span.start < span.end <= len(passage)
            assert math.isfinite(span.margin)

    @pytest.mark.parametrize("question", [*ODD.values(), "why " * 500], ids=[*ODD, "too long"])
    def test_any_question_is_put(self, reader: OnnxReader, question: str) -> None:
        [reading] = reader.read(question, [PASSAGE])
        assert reading.spans

    @given(st.text(max_size=60), st.text(max_size=200))
    @settings(max_examples=40)
    def test_offsets_are_characters_of_any_passage(self, reader: OnnxReader, question: str, passage: str) -> None:
        [reading] = reader.read(question, [passage])
        for span in reading.spans:
            assert any(map(str.isalnum, passage[span.start : span.end]))


class TestDeterminism:
    def test_neighbours_order_and_threads_change_no_digit(self, reader: OnnxReader) -> None:
        passages = [PASSAGE, "", LONG[:2_000], "Who said so?"]
        alone = [reader.read(QUESTION, [passage])[0] for passage in passages]
        assert OnnxReader(threads=3).read(QUESTION, passages[::-1]) == alone[::-1]

    def test_many_threads_may_share_one_that_is_not_loaded_yet(self, reader: OnnxReader) -> None:
        shared = OnnxReader(threads=2)
        passages = [PASSAGE, LONG[:500], "Rain fell.", "Trains ran."]
        expected = [reader.read(QUESTION, [passage]) for passage in passages]
        results: dict[int, bool] = {}

        def work(number: int) -> None:
            read = [shared.read(QUESTION, [passages[number]]) for _ in range(5)]
            results[number] = all(one == expected[number] for one in read)

        workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert results == dict.fromkeys(range(4), True)

    def test_encoder_and_reader_share_a_tokenizer_and_do_not_disturb_each_other(self, reader: OnnxReader) -> None:
        text = "rain " * 400
        before = OnnxEmbedder().embed([text])
        assert reader.read(QUESTION, [text])[0].spans
        assert np.array_equal(OnnxEmbedder().embed([text]), before)


class TestBestSpans:
    @given(
        st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=2, max_size=50),
        st.integers(1, 4),
        st.integers(1, 5),
    )
    def test_they_share_no_wordpiece_and_begin_with_the_best_one(
        self, logits: list[tuple[int, int]], head: int, count: int
    ) -> None:
        head = min(head, len(logits) - 1)
        pieces = len(logits) - head - 1
        window = Window([0] * len(logits), head, [(at, at + 1) for at in range(pieces)])
        starts, ends = np.array(logits, np.float32).T
        spans = best_spans(window, starts, ends, count)
        assert len(spans) <= count
        assert bool(spans) == bool(pieces)
        scores = [span.score for span in spans]
        assert scores == sorted(scores, reverse=True)
        taken = [at for span in spans for at in range(span.start, span.end)]
        assert len(taken) == len(set(taken))
        assert all(0 < span.end - span.start <= SPAN_TOKENS for span in spans)
        assert all(span.margin == span.score - starts[0] - ends[0] for span in spans)
        every = [
            starts[head + start] + ends[head + end]
            for start in range(pieces)
            for end in range(start, min(start + SPAN_TOKENS, pieces))
        ]
        assert best_span(window, starts, ends).score == max(every, default=-np.inf)
        assert not spans or spans[0] == best_span(window, starts, ends)


class TestDamage:
    @pytest.mark.parametrize("name", ["model.onnx", "manifest.json"])
    def test_a_missing_file_is_named_and_a_remedy_given(self, copied: Path, name: str) -> None:
        (copied / name).unlink()
        with pytest.raises(ReaderError, match=rf"The reader's file .*{name} cannot be read") as raised:
            OnnxReader(copied).read(QUESTION, [PASSAGE])
        assert "Install Parley again" in raised.value.hint

    def test_a_truncated_model_is_refused(self, copied: Path) -> None:
        content = (copied / "model.onnx").read_bytes()
        (copied / "model.onnx").write_bytes(content[:-100])
        with pytest.raises(ReaderError, match=r"model\.onnx has .* bytes instead of"):
            OnnxReader(copied).load()

    def test_one_altered_byte_is_refused_when_the_model_loads(self, copied: Path) -> None:
        content = bytearray((copied / "model.onnx").read_bytes())
        content[len(content) // 2] ^= 1
        (copied / "model.onnx").write_bytes(content)
        with pytest.raises(ReaderError, match=r"model\.onnx was altered"):
            OnnxReader(copied).load()

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": {"model.onnx": {"size": 1}}}'])
    def test_a_manifest_that_makes_no_sense_is_refused(self, copied: Path, content: str) -> None:
        (copied / "manifest.json").write_text(content, encoding="utf-8")
        with pytest.raises(ReaderError, match=r"The reader's file .*manifest\.json is damaged"):
            OnnxReader(copied).load()

    def test_a_reader_made_for_another_tokenizer_is_refused(self, copied: Path) -> None:
        stated = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
        stated["tokenizer_sha256"] = "0" * 64
        (copied / "manifest.json").write_text(json.dumps(stated), encoding="utf-8")
        with pytest.raises(ReaderError, match="another tokenizer"):
            OnnxReader(copied).load()

    def test_a_folder_mended_later_loads(self, copied: Path) -> None:
        (copied / "model.onnx").unlink()
        reader = OnnxReader(copied)
        with pytest.raises(ReaderError):
            reader.load()
        shutil.copyfile(READER_FOLDER / "model.onnx", copied / "model.onnx")
        assert reader.read(QUESTION, [PASSAGE])[0].spans

    def test_a_runtime_that_cannot_be_imported_is_explained(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "onnxruntime", None)
        with pytest.raises(ReaderError, match="The reader's runtime") as raised:
            OnnxReader().load()
        assert "onnxruntime" in raised.value.hint


def test_importing_and_naming_the_reader_loads_nothing_heavy() -> None:
    code = (
        "import json, sys; from assistant.answering.reader import OnnxReader; OnnxReader().identity;"
        "print(json.dumps([m for m in ('numpy', 'onnxruntime', 'tokenizers') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
