"""How many tokens a text is to a language model, counted with tiktoken and without a network.

tiktoken fetches its vocabularies when they are first needed; llama-index-core carries two of them, and this reads
them there without importing it, which takes seconds. Models differ: a count is an estimate.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

VOCABULARY = "cl100k_base"
_BUNDLE = "core/_static/tiktoken_cache"
_LOADING = Lock()


def count_tokens(text: str) -> int:
    """The tokens of a text; what looks like a control token is text, too."""
    return len(_encoding().encode_ordinary(text))


def load_vocabulary() -> None:
    """Load the vocabulary now, 0.3 s, rather than at the first count."""
    _encoding()


def _encoding() -> Encoding:
    with _LOADING:  # a thread beside the search may load it just now
        return _load()


@cache
def _load() -> Encoding:
    import tiktoken  # 0.1 s, and only a language model needs it

    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(_bundle())
    try:
        return tiktoken.get_encoding(VOCABULARY)
    finally:
        if before is None:
            del os.environ["TIKTOKEN_CACHE_DIR"]
        else:
            os.environ["TIKTOKEN_CACHE_DIR"] = before


def _bundle() -> Path:
    """The folder of vocabularies that comes with llama-index-core.

    Raises:
        FileNotFoundError: this version of it carries none, and nothing is fetched instead.
    """
    found = find_spec("llama_index")
    places = found.submodule_search_locations if found else None
    for place in places or ():
        folder = Path(place, _BUNDLE)
        if folder.is_dir():
            return folder
    raise FileNotFoundError("llama-index-core carries no vocabularies of tiktoken")
