"""What the shipped models run on: fused when they were built, tokenised by one parsed tokenizer."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from index.encoder import MODEL_FOLDER, cut_tokens
from index.errors import ModelError
from index.onnx_runtime import import_runtime, open_session, open_tokenizer, run_side_by_side

MODEL, VOCABULARY = (MODEL_FOLDER / "model.onnx").read_bytes(), (MODEL_FOLDER / "tokenizer.json").read_bytes()


def test_the_encoder_ships_with_its_operators_fused() -> None:
    assert b"DynamicQuantizeMatMul" in MODEL
    assert b"MatMulInteger" not in MODEL


def test_the_encoder_takes_texts_without_a_mask() -> None:
    import_runtime(ModelError)
    assert [put.name for put in open_session(MODEL).get_inputs()] == ["input_ids", "token_type_ids"]


def test_models_with_the_same_tokenizer_share_it() -> None:
    import_runtime(ModelError)
    shared = open_tokenizer(VOCABULARY)
    assert open_tokenizer(bytes(bytearray(VOCABULARY))) is shared
    other = json.loads(VOCABULARY)
    other["added_tokens"] = []
    assert open_tokenizer(json.dumps(other).encode()) is not shared


def test_the_tokenizer_neither_pads_nor_cuts() -> None:
    import_runtime(ModelError)
    tokenizer = open_tokenizer(VOCABULARY)
    assert [len(tokenizer.encode("rain " * count).ids) for count in (1, 600)] == [3, 602]


@given(st.lists(st.integers(), max_size=20), st.integers(1, 4))
def test_results_come_in_the_order_of_the_items(items: list[int], threads: int) -> None:
    assert run_side_by_side(str, items, threads) == [str(item) for item in items]


@given(st.lists(st.integers(), min_size=2, max_size=20), st.integers(2, 20))
def test_a_cut_text_keeps_its_beginning_and_both_markers(ids: list[int], most: int) -> None:
    cut = cut_tokens(ids, most)
    assert len(cut) == min(len(ids), most)
    assert cut[:-1] == ids[: len(cut) - 1]
    assert cut[-1] == ids[-1]
