# Two commands matter: `make demo` and `make test`. Everything happens in .venv and in git-ignored folders.

PYTHON ?= python3.11
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
STAMP := $(VENV)/.ready
DEMO := build/demo
SCALE ?= small
SEED ?= 1

export PATH := $(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export GX_ANALYTICS_ENABLED := false
export DAGSTER_DISABLE_TELEMETRY := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export STREAMLIT_BROWSER_GATHER_USAGE_STATS := false

.DEFAULT_GOAL := help
.PHONY: help setup demo test up lint sql types pytest faults mutants fuzz bench render lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP)  ## the virtual environment, exactly as locked

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: setup  ## simulate the demo company, refresh, and print the headline figures
	rm -rf $(DEMO)
	env -u ARREARS_HOME arrears simulate --out $(DEMO) --scale $(SCALE) --seed $(SEED)
	env -u ARREARS_HOME arrears refresh --config $(DEMO)/arrears.yml
	env -u ARREARS_HOME arrears status --config $(DEMO)/arrears.yml
	@echo
	@echo "Look at it:   make up CONFIG=$(DEMO)/arrears.yml"
	@echo "Ask it:       $(VENV)/bin/arrears query --config $(DEMO)/arrears.yml \"select * from marts.mart_aging limit 10\""

CONFIG ?= $(DEMO)/arrears.yml

up: setup  ## Dagster and the dashboard, on loopback
	arrears up --config $(CONFIG)

test: lint types pytest  ## everything

lint: setup  ## ruff
	ruff check .

sql: setup  ## sqlfluff over the models; takes minutes, for every file is compiled
	mkdir -p build/lint
	ARREARS_BUILD_DB=$(CURDIR)/build/lint/warehouse.duckdb ARREARS_CANDIDATE_DB=$(CURDIR)/build/lint/candidate.duckdb \
	ARREARS_TEMP_DIR=$(CURDIR)/build/lint DBT_TARGET_PATH=$(CURDIR)/build/lint/target \
	DBT_LOG_PATH=$(CURDIR)/build/lint/logs sqlfluff lint dbt/models

types: setup  ## mypy, strict in ingest and analytics
	mypy

pytest: setup
	python -m pytest --numprocesses 2 --dist loadscope -m "not faults"

faults: setup  ## hundreds of kills, full disks and files cut short, with a table of what came of them; takes minutes
	python -m pytest tests/faults

mutants: setup  ## one-line mistakes, each of which a named test must notice (see docs/testing.md)
	python -m tests.mutants

fuzz: setup  ## 100,000 damaged files for every reader of delivered files; takes hours
	python -m tests.fuzz

bench: setup  ## the benchmark
	python -m tests.benchmark

render: setup  ## rewrite what the contract renders: templates, data dictionary, dbt sources
	python -m ingest.contract.render

lock:  ## lock again after a change of pyproject.toml; pins that still fit are kept (needs uv)
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet -o requirements.lock

clean:  ## remove what the other targets made, the environment apart
	rm -rf build dbt/target dbt/logs .mypy_cache .ruff_cache .pytest_cache *.egg-info
