# Papercord: `make run` gives you the bot, `make test` shows that it works.
PYTHON ?= $(shell command -v python3.11 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
# Two workers, a file to one of them; in the order of tests/conftest.py.
TESTS := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

.PHONY: run test slow kills channels check format quality performance install install-dev constraints clean
.DEFAULT_GOAL := run

run: $(INSTALLED)  ## install what is missing, then Discord (DISCORD_TOKEN) or the playground
	@$(BIN)/papercord run

test: $(INSTALLED_DEV)  ## the tests of every day; those of processes, of the browser and of minutes are left to `make check`
	@$(TESTS) -m "not (slow or wire or browser)"

slow: $(INSTALLED_DEV)  ## those that are left out by `make test`
	@$(TESTS) -m "slow or wire or browser"

kills: $(INSTALLED_DEV)  ## live RUNS random lives of a bot with feeds, from SEED on: papers come, it is killed, each is posted once
	@$(BIN)/python -m tests.wire.random_kills $(or $(RUNS),1000) $(or $(SEED),0)

channels: $(INSTALLED_DEV)  ## measure how long a digest in each of 1,000 channels takes
	@$(BIN)/python -m tests.wire.thousand_channels

check: $(INSTALLED_DEV)  ## what a commit must pass: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(TESTS)

format: $(INSTALLED_DEV)  ## put the code in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

quality: $(INSTALLED_DEV)  ## measure the search on the collections of COLLECTIONS, and write docs/quality.md
	@test -n "$(COLLECTIONS)" || { echo "say which: make quality COLLECTIONS='scifact litsearch', each a folder in BEIR layout" >&2; exit 1; }
	$(BIN)/python -m benchmarks.quality --deep --write docs/quality.md $(COLLECTIONS)

performance: $(INSTALLED_DEV)  ## measure with the papers of PAPERS, and write docs/performance.md; hours the first time
	@test -n "$(PAPERS)" || { echo "say which papers: make performance PAPERS=papers.jsonl.gz" >&2; exit 1; }
	@mkdir -p data/bench
	$(BIN)/papercord bench --papers "$(PAPERS)" --json > data/bench/run.json
	$(BIN)/python -m benchmarks.performance data/bench/run.json

install: $(INSTALLED)
install-dev: $(INSTALLED_DEV)

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Papercord needs Python 3.11 or newer: make run PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11: make run PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# constraints.txt pins every version, so that two installs agree.
$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Papercord into $(VENV) (about 2 GB, a few minutes) …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:  ## what was installed; the data folder stays
	rm -rf $(VENV)

constraints:  ## resolve every version anew, in an empty environment
	$(PYTHON) -m venv .venv-constraints
	.venv-constraints/bin/pip install --quiet --disable-pip-version-check 'torch==2.13.0'
	.venv-constraints/bin/pip install --quiet --disable-pip-version-check --editable '.[dev,postgres]'
	(sed '/^[^#]/d' constraints.txt; .venv-constraints/bin/pip freeze --exclude-editable | sed 's/+cpu//') > constraints.new
	mv constraints.new constraints.txt
	rm -rf .venv-constraints
