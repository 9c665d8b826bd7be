# Boligsocial Monitor. `make help` lists the targets; each one sets up what it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; \
	then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

export DAGSTER_HOME ?= $(CURDIR)/.dagster_home
# no tool calls home
export DAGSTER_DISABLE_TELEMETRY := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: install
install: $(STAMP) ## Make the virtual environment from the hashed lock
$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed (set PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

.PHONY: run
run: $(STAMP) ## Take in the shipped deliveries, build, check, publish; print where to look
	$(BIN)/monitor deliver --all deliveries
	$(BIN)/monitor run

.PHONY: dev
dev: $(STAMP) ## Open the Dagster UI on 127.0.0.1:3000 with the inbox sensor on
	$(BIN)/monitor dev

.PHONY: status
status: $(STAMP) ## Sources by period: expected, received, accepted, quarantined, published
	$(BIN)/monitor status

.PHONY: site
site: $(STAMP) ## Build the Evidence site over publish.duckdb (Node 18 or newer)
	$(BIN)/monitor site

.PHONY: test
test: $(STAMP) ## All tests (under ten minutes)
	$(BIN)/python -m pytest -m "not exhaustive" --numprocesses auto --dist loadfile --no-loadscope-reorder

.PHONY: test-slow
test-slow: $(STAMP) ## Long forms of what `make test` tries in short: more draws, a whole run on PostgreSQL
	$(BIN)/python -m pytest -m exhaustive --numprocesses auto --dist load

.PHONY: test-fast
test-fast: $(STAMP) ## Tests that need no whole pipeline (under a minute)
	$(BIN)/python -m pytest -m "not slow and not exhaustive" --numprocesses auto --dist loadfile

.PHONY: lint
lint: $(STAMP) ## ruff, mypy, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests
	$(BIN)/sqlfluff lint --templater raw evidence/sources docs/queries

.PHONY: format
format: $(STAMP) ## Mend what ruff and sqlfluff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix dbt_project/models dbt_project/tests

.PHONY: documents
documents: $(STAMP) ## Write dictionary, guides and dbt sources anew from the contracts
	$(BIN)/python -m pipelines.documents

.PHONY: docs
docs: $(STAMP) ## Write the models' documentation as one page, for a browser without network
	$(BIN)/python -m pipelines.documents.dbt_docs

.PHONY: deliveries
deliveries: $(STAMP) ## Make the shipped synthetic deliveries anew (same bytes)
	$(BIN)/python -m scripts.make_deliveries

BENCH_VENV := $(VENV)/bench
ROWS ?= 10000000
TURNS ?= 3

.PHONY: bench
bench: $(STAMP) $(BENCH_VENV)/.installed ## Intake against DuckDB, pandas and dlt (ROWS=1000000 for less); latency; growth
	$(BIN)/python -m benchmarks --rows $(ROWS) --turns $(TURNS) --dlt-python $(CURDIR)/$(BENCH_VENV)/bin/python \
		$(if $(filter 10000000,$(ROWS)),--write docs/benchmarks.md --history benchmarks/history.csv --plot docs/benchmarks.svg)
	$(BIN)/python -m benchmarks.latency --write docs/benchmarks.md --history benchmarks/latency.csv
	$(BIN)/python -m benchmarks.growth
$(BENCH_VENV)/.installed: benchmarks/requirements-bench.lock
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --require-hashes -r benchmarks/requirements-bench.lock
	@touch $@

.PHONY: lock
lock: ## Resolve requirements.lock, and the server's part of it, anew (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-strip-extras --upgrade --quiet \
		--custom-compile-command "make lock" --output-file requirements.lock
	uv pip compile pyproject.toml --extra postgres --extra install --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-strip-extras --quiet \
		--custom-compile-command "make lock" --output-file deploy/requirements.lock

.PHONY: clean
clean: ## Remove what runs have made (the archive too), not the virtual environment
	find warehouse -mindepth 1 ! -name README.md -exec chmod -R u+w {} + 2>/dev/null || true
	find warehouse -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	rm -rf .dagster_home dbt_project/target dbt_project/logs
