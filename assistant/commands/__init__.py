"""One file a command of the `parley` program; together with `assistant.cli` the composition root."""
