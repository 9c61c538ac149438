"""The plain llama-index + Chroma script that `cold_start` compares with, and with the same encoder.

    python evals/performance/llamaindex_baseline.py build CORPUS STORE
    python evals/performance/llamaindex_baseline.py ask STORE QUESTION

It is what somebody who knows both libraries would write, following their documentation: articles are read,
split and put into a persisted collection once; a question opens it and prints the five nearest passages.
No language model is called.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings as ChromaSettings
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document
from llama_index.vector_stores.chroma import ChromaVectorStore

from index.encoder import OnnxEmbedder

COLLECTION = "articles"
CHUNK_TOKENS = 128
SHOWN = 5


class ShippedEmbedding(BaseEmbedding):
    """Our encoder, as llama-index wants one."""

    _encoder: OnnxEmbedder = PrivateAttr(default_factory=OnnxEmbedder)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._encoder.embed(texts).tolist()
        return rows

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def open_store(folder: Path) -> Any:
    """The persisted collection as a llama-index vector store; nothing is reported home."""
    client = chromadb.PersistentClient(str(folder), ChromaSettings(anonymized_telemetry=False))
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection(COLLECTION))


def divide(text: str) -> list[str]:
    """Sentences, roughly: nltk refuses llama-index's own data where an installer hard-linked the files."""
    return re.findall(r".+?(?:[.!?]\s+|$)", text, flags=re.DOTALL)


def build(corpus: Path, folder: Path) -> None:
    """Read, split, encode and keep every article of a folder."""
    documents = [
        Document(text=path.read_text(encoding="utf-8-sig"), metadata={"file_name": path.name})
        for path in sorted(corpus.glob("*.txt"))
    ]
    VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(vector_store=open_store(folder)),
        transformations=[SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=0, chunking_tokenizer_fn=divide)],
        embed_model=ShippedEmbedding(),
    )


def ask(folder: Path, question: str) -> None:
    """Print the passages nearest to a question."""
    index = VectorStoreIndex.from_vector_store(open_store(folder), embed_model=ShippedEmbedding())
    for hit in index.as_retriever(similarity_top_k=SHOWN).retrieve(question):
        print(f"{hit.score or 0.0:.3f} {hit.metadata['file_name']}\n{hit.text}\n")


if __name__ == "__main__":
    command, *given = sys.argv[1:]
    if command == "build":
        build(Path(given[0]), Path(given[1]))
    else:
        ask(Path(given[0]), given[1])
