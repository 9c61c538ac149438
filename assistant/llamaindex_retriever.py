"""Our index for users of llama-index: a retriever, and a query engine whose sources are checked citations.

Import it where llama-index is wanted: that takes 3 s. Offsets of a node count characters of the article's text, so
that `text[node.start_char_idx:node.end_char_idx] == node.text`.
"""

from __future__ import annotations

import hashlib
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    ObjectType,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from assistant.answer import Answer, Source
from assistant.assistant import SEARCHED, Assistant
from assistant.asynchronous import AsyncAssistant
from index.view import DateRange

NOT_FOUND = "Not in these articles."
"""The response where they do not hold the answer; llama-index would say `None`."""


class ParleyRetriever(BaseRetriever):
    """Passages as nodes, best first, with scores from 0 to 1; raises as `Assistant.search` does."""

    def __init__(
        self, assistant: Assistant, similarity_top_k: int = SEARCHED, dates: DateRange | None = None, **more: Any
    ) -> None:
        """The caller closes the assistant; `more` is for `BaseRetriever`, such as its callback_manager."""
        super().__init__(**more)
        self.similarity_top_k = similarity_top_k
        self._assistant = assistant
        self._awaited = AsyncAssistant(lambda: assistant)
        self._dates = dates

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._assistant.search(query_bundle.query_str, self.similarity_top_k, self._dates)
        return [_node(item.source, item.start, item.end, item.text, item.score) for item in found.passages]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = await self._awaited.search(query_bundle.query_str, self.similarity_top_k, self._dates)
        return [_node(item.source, item.start, item.end, item.text, item.score) for item in found.passages]


class ParleyQueryEngine(BaseQueryEngine):
    """Checked answers as responses: `source_nodes` are the cited sentences, in the order of their markers, and
    `metadata` is the answer's JSON (schema `parley.answer/1`). Raises as `ask` does.
    """

    def __init__(self, assistant: Assistant, dates: DateRange | None = None) -> None:
        """The caller closes the assistant."""
        super().__init__(callback_manager=None)
        self._assistant = assistant
        self._awaited = AsyncAssistant(lambda: assistant)
        self._dates = dates

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _response(self._assistant.ask(query_bundle.query_str, self._dates))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return _response(await self._awaited.ask(query_bundle.query_str, self._dates))


def _response(answer: Answer) -> Response:
    cited = [_node(item.source, item.start, item.end, item.quote) for item in answer.citations]
    return Response(answer.text or NOT_FOUND, source_nodes=cited, metadata=answer.to_json())


def _node(source: Source, start: int, end: int, text: str, score: float | None = None) -> NodeWithScore:
    """A span of an article; what the article does not state is None, and kept from models."""
    metadata = source.to_json()
    unstated = [name for name, value in metadata.items() if value is None]
    node = TextNode(
        id_=_identity(source.article, start, end, text),
        text=text,
        start_char_idx=start,
        end_char_idx=end,
        metadata=metadata,
        excluded_llm_metadata_keys=unstated,
        excluded_embed_metadata_keys=unstated,
        relationships={
            NodeRelationship.SOURCE: RelatedNodeInfo(node_id=source.article, node_type=ObjectType.DOCUMENT)
        },
    )
    return NodeWithScore(node=node, score=score)


def _identity(article: str, start: int, end: int, text: str) -> str:
    """The same for the same words in the same place, from one process to the next."""
    return hashlib.sha256(f"{article}\0{start}\0{end}\0{text}".encode(errors="surrogatepass")).hexdigest()[:32]
