# Two commands on a fresh machine with Python >= 3.11, git and make: `make run` and `make test`.
PYTHON ?= python3
BIN = .venv/bin
# Tests wait for sockets and processes nearly half of the time: four for two cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')

.PHONY: run test real torture lint bench lock clean

run: .venv/run  ## The main job, on the example blog
	@$(BIN)/crosspost run-once --config config.example.toml

test: .venv/dev  ## All tests
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

real: .venv/dev  ## The networks' own clients, and X's own counting, against the stand-ins; installs into .real
	$(BIN)/python -m tests.real.install
	$(BIN)/pytest tests/real

torture: .venv/dev  ## Kill it 200 times and more, on both databases; takes many minutes
	$(BIN)/python -m tests.proof.torture

lint: .venv/dev  ## Style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/dev  ## Ratios within one run
	$(BIN)/python -m tests.bench

lock: .venv/dev  ## Pin anew what pyproject.toml allows: names, versions and hashes, no hosts
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate \
	    --quiet --upgrade --extra postgres -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate \
	    --quiet --extra sandbox --extra postgres --extra apprise --group dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile tests/real/requirements.in --universal --generate-hashes --no-header --no-annotate \
	    --quiet -o tests/real/requirements.lock

clean:
	rm -rf .venv .real build dist var *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

# `make run` takes only what the program needs; `make test` adds the tools. Both install from the locks.
.venv/run: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing crosspost into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing crosspost and its development tools into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@
