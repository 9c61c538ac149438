"""Our index in llama-index: exact nodes, checked answers, and its stock query engine over a scripted LLM."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.llms import CustomLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeWithScore
from pydantic import Field

from assistant import Assistant, ConfigurationError, DateRange
from assistant.llamaindex_retriever import NOT_FOUND, ParleyQueryEngine, ParleyRetriever
from assistant.phrasing import NOT_FOUND as RENDERED
from index.encoder import OnnxEmbedder

DEFICIT = "How big is the trade deficit with China?"


class Scripted(CustomLLM):
    """Says what it was told to, and keeps what it was asked."""

    said: str = ""
    asked: list[str] = Field(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="scripted", context_window=8192)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self.asked.append(prompt)
        return CompletionResponse(text=self.said)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        raise NotImplementedError


@pytest.fixture
def opened(sample: Path, encoder: OnnxEmbedder) -> Iterator[Assistant]:
    with Assistant.open(sample, embedder=encoder) as assistant:
        yield assistant


def ids(nodes: list[NodeWithScore]) -> list[str]:
    return [node.node_id for node in nodes]


def test_nodes_are_the_passages_that_a_search_finds(opened: Assistant, sample: Path) -> None:
    nodes = ParleyRetriever(opened, similarity_top_k=4).retrieve(DEFICIT)
    found = opened.search(DEFICIT, 4).passages
    assert [node.text for node in nodes] == [passage.text for passage in found]
    assert [node.score for node in nodes] == [passage.score for passage in found]
    for node in nodes:
        text = (sample / node.metadata["article"]).read_text(encoding="utf-8-sig")
        assert text[node.node.start_char_idx : node.node.end_char_idx] == node.text  # type: ignore[attr-defined]
        assert node.node.ref_doc_id == node.metadata["article"]


def test_ids_stay_the_same_and_differ(sample: Path, encoder: OnnxEmbedder) -> None:
    found = []
    for _ in range(2):
        with Assistant.open(sample, embedder=encoder) as assistant:
            found.append(ids(ParleyRetriever(assistant, 10).retrieve("trade")))
    assert found[0] == found[1]
    assert len(set(found[0])) == 10


def test_metadata_are_what_the_article_states_and_models_see_no_more(
    folder: Callable[..., Path], encoder: OnnxEmbedder
) -> None:
    corpus = folder(
        {
            "mill.txt": "Title: The mill\nDate: 2019-05-02\nSource: Reuters\n\nThe mill burned down in May.\n",
            "barn.txt": "The barn stands.\n",
        }
    )
    with Assistant.open(corpus, embedder=encoder) as assistant:
        mill, barn = ParleyRetriever(assistant).retrieve("What of mill and barn?")
        (dated,) = ParleyRetriever(assistant, dates=DateRange(date(2019, 1, 1))).retrieve("barn or mill")
    if mill.metadata["article"] == "barn.txt":
        mill, barn = barn, mill
    assert mill.metadata == {
        "article": "mill.txt",
        "title": "The mill",
        "outlet": "Reuters",
        "published": "2019-05-02",
    }
    assert "outlet: Reuters" in mill.node.get_content(MetadataMode.LLM)
    assert barn.metadata == {"article": "barn.txt", "title": None, "outlet": None, "published": None}
    assert "None" not in barn.node.get_content(MetadataMode.LLM)
    assert dated.metadata["article"] == "mill.txt"


def test_a_stock_query_engine_answers_from_our_passages(opened: Assistant) -> None:
    llm = Scripted(said="About 375 billion dollars.")
    engine = RetrieverQueryEngine.from_args(
        ParleyRetriever(opened, similarity_top_k=3),
        llm=llm,
        node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=0.1)],
    )
    response = engine.query(DEFICIT)
    assert str(response) == "About 375 billion dollars."
    assert len(response.source_nodes) == 3
    (prompt,) = llm.asked
    assert DEFICIT in prompt
    assert all(node.text in prompt for node in response.source_nodes)
    awaited = asyncio.run(engine.aquery(DEFICIT))
    assert ids(awaited.source_nodes) == ids(response.source_nodes)


def test_our_query_engine_responds_with_the_checked_answer(opened: Assistant, sample: Path) -> None:
    response = ParleyQueryEngine(opened).query(DEFICIT)
    answer = opened.ask(DEFICIT)
    assert str(response) == answer.text
    assert response.metadata is not None
    assert response.metadata["schema"] == "parley.answer/1"
    assert response.metadata["citations"] == [citation.to_json() for citation in answer.citations]
    assert [node.text for node in response.source_nodes] == [citation.quote for citation in answer.citations]
    first = response.source_nodes[0].node
    text = (sample / first.metadata["article"]).read_text(encoding="utf-8-sig")
    assert text[first.start_char_idx : first.end_char_idx] == answer.citations[0].quote  # type: ignore[attr-defined]


def test_what_is_not_found_is_said_in_words(opened: Assistant) -> None:
    response = ParleyQueryEngine(opened, DateRange(date(2030, 1, 1))).query(DEFICIT)
    assert str(response) == NOT_FOUND == RENDERED
    assert response.source_nodes == []
    assert response.metadata is not None
    assert response.metadata["status"] == "not_found"


def test_awaited_it_finds_the_same_without_holding_the_loop_up(opened: Assistant) -> None:
    loops_thread = threading.get_ident()
    worked_in = set()
    search, stream = opened.search, opened.stream

    def seen(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            worked_in.add(threading.get_ident())
            return method(*given)

        return call

    async def test() -> None:
        retriever, engine = ParleyRetriever(opened), ParleyQueryEngine(opened)
        opened.search, opened.stream = seen(search), seen(stream)  # type: ignore[method-assign]
        nodes, response = await asyncio.gather(retriever.aretrieve(DEFICIT), engine.aquery(DEFICIT))
        opened.search, opened.stream = search, stream  # type: ignore[method-assign]
        assert ids(nodes) == ids(retriever.retrieve(DEFICIT))
        assert str(response) == str(engine.query(DEFICIT))

    asyncio.run(test())
    assert len(worked_in) == 2
    assert loops_thread not in worked_in


def test_failures_are_those_of_the_assistant(opened: Assistant) -> None:
    retriever, engine = ParleyRetriever(opened), ParleyQueryEngine(opened)
    with pytest.raises(ConfigurationError, match="empty"):
        retriever.retrieve(" ")
    opened.close()
    with pytest.raises(RuntimeError, match="closed"):
        engine.query(DEFICIT)
    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(retriever.aretrieve(DEFICIT))
