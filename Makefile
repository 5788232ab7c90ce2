# What a person runs. Needs Python 3.10 or newer, and make.
PYTHON ?= python3
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

setup: .venv/installed  ## make the virtual environment
.venv/installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

demo: setup  ## show everything on a made-up tenant
	$(BIN)/servicetitan demo
test: .venv/installed-dev  ## run every test
	$(BIN)/python -m pytest
check: .venv/installed-dev  ## lint, types, SQL
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint dbt_project/models
	$(BIN)/servicetitan profile && $(BIN)/dbt parse --project-dir dbt_project --warn-error --quiet
bench: setup  ## measure what it costs, each figure beside its bar; half an hour
	PYTHONPATH=tests $(BIN)/python -m benchmark --json logs/benchmark.json --plot logs/benchmark.svg
bench-quick: setup  ## the same with small tenants, in two minutes
	PYTHONPATH=tests $(BIN)/python -m benchmark --quick --json logs/benchmark-quick.json
sync: setup  ## sync: what changed, or everything where that was never read
	$(BIN)/servicetitan
sync-full: setup  ## read everything again, and find what was deleted
	$(BIN)/servicetitan --full
sync-incremental: sync
worker: setup  ## sync every five minutes, in full nightly at 02:00
	$(BIN)/servicetitan worker
status: setup  ## last runs, rows, age of the data
	$(BIN)/servicetitan status
psql: setup  ## psql on the database in use
	@$(BIN)/servicetitan psql
stop: setup  ## stop the embedded PostgreSQL
	$(BIN)/servicetitan stop
requirements: ## compile the requirements for every platform and Python 3.10 to 3.13 (needs uv)
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate -q pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate -q pyproject.toml --group dev -o requirements-dev.txt

.PHONY: help setup demo test check bench bench-quick sync sync-full sync-incremental worker status psql stop requirements
