"""What may be asked."""

from __future__ import annotations

from assistant.errors import ConfigurationError


def require_question(question: str) -> str:
    """The question without surrounding white space.

    Raises:
        ConfigurationError: nothing is left.
    """
    stripped = question.strip()
    if not stripped:
        raise ConfigurationError("the question is empty", 'ask one: parley ask "Who led the talks?"')
    return stripped
