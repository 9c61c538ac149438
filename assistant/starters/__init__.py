"""Questions to begin with, made from the articles and kept only where these answer them."""

from assistant.starters.asking import starters as starters
