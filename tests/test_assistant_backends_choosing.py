"""What --backend and a price may be, and what is said where they are not."""

import pytest

from assistant.backends.choosing import KINDS, Choice, Price
from assistant.backends.protocol import Usage
from assistant.errors import ConfigurationError


@pytest.mark.parametrize(
    ("stated", "kind", "model"),
    [
        ("extractive", "extractive", None),
        ("openai:gpt-5-mini", "openai", "gpt-5-mini"),
        ("openai", "openai", None),
        ("openai:library/llama3:8b", "openai", "library/llama3:8b"),
        ("gguf:/models/a:b.gguf", "gguf", "/models/a:b.gguf"),
    ],
)
def test_a_name_may_be_followed_by_a_model(stated: str, kind: str, model: str | None) -> None:
    assert Choice.of(stated) == Choice(kind, model)


@pytest.mark.parametrize("stated", ["", "gpt", "OpenAI:x", "llamaindex"])
def test_an_unknown_name_is_refused_with_those_that_are_known(stated: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no backend") as refused:
        Choice.of(stated)
    assert all(kind in refused.value.hint for kind in KINDS)


def test_quoting_takes_no_model() -> None:
    with pytest.raises(ConfigurationError, match="asks no model"):
        Choice.of("extractive:large")


def test_a_price_makes_the_cost_of_tokens() -> None:
    assert Price.of("0.25/2").cost(Usage(read=1_000_000, written=500_000)) == pytest.approx(1.25)
    assert Price.of("0/0").cost(Usage(10, 10)) == 0


@pytest.mark.parametrize("stated", ["", "1", "1/2/3", "a/b", "-1/2", "nan/1", "inf/1"])
def test_what_is_no_price_is_refused(stated: str) -> None:
    with pytest.raises(ConfigurationError, match="is not what a million tokens cost"):
        Price.of(stated)
