# What a person runs. Needs Python 3.10 or newer, and make.
PYTHON ?= python3
NAMED := $(if $(filter file,$(origin PYTHON)),None,$(shell $(PYTHON) -c 'import sys; print(sys.version_info[:2])' 2>/dev/null))
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
DAGSTER := $(subst .venv,.venv-dagster,$(BIN))

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

setup: .venv/installed  ## make the virtual environment
python:  # a .venv that is broken, or of a Python that is too old or not the one that was named, is made anew
	@$(BIN)/python -c 'import pip, sys; v = sys.version_info[:2]; sys.exit(v < (3, 10) or v != ($(NAMED) or v))' \
	2>/dev/null || { $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && rm -rf .venv; } || \
	{ echo "Python 3.10 or newer is needed, and $(PYTHON) is none. Name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
.venv/installed: requirements.txt pyproject.toml | python
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv-dagster/installed: requirements-dagster.txt requirements-dev.txt pyproject.toml  # beside the mirror's own, which needs none of it
	$(PYTHON) -m venv .venv-dagster
	$(DAGSTER)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dagster.txt
	$(DAGSTER)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	$(DAGSTER)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt requirements-frames.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	rm -rf .venv/frames && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	--target .venv/frames -r requirements-frames.txt
	@touch $@

demo: setup  ## show everything on a made-up tenant
	$(BIN)/servicetitan demo
test: .venv/installed-dev  ## run every test
	$(BIN)/python -m pytest
test-partitions: .venv/installed-dev  ## run every test on tables that are spread over partitions (docs/scale.md)
	SOURCES__SERVICETITAN__DISTRIBUTION=partitions $(BIN)/python -m pytest
check: .venv/installed-dev  ## lint, types, SQL, workflows, image
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/optional
	$(BIN)/servicetitan dbt parse --warn-error --quiet
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
	! test -x $(BIN)/hadolint || $(BIN)/hadolint Dockerfile
bench: setup  ## measure what it costs, each figure beside its bar; an hour
	PYTHONPATH=tests $(BIN)/python -m benchmark --json logs/benchmark.json --plot logs/benchmark.svg
bench-quick: setup  ## the same with small tenants, in some minutes
	PYTHONPATH=tests $(BIN)/python -m benchmark --quick --json logs/benchmark-quick.json
sync: setup  ## sync: what changed, or everything where that was never read
	$(BIN)/servicetitan sync
sync-full: setup  ## read everything again, and find what was deleted
	$(BIN)/servicetitan sync --full
sync-incremental: sync
worker: setup  ## sync every five minutes, in full nightly at 02:00
	$(BIN)/servicetitan worker
status: setup  ## last runs, rows, age of the data
	$(BIN)/servicetitan status
report: setup  ## write report.html: the business in figures
	$(BIN)/servicetitan report
dashboard: setup  ## serve the same, fresh, at http://127.0.0.1:8902/report, and dbt's documentation at /docs
	-$(BIN)/servicetitan dbt --quiet docs generate --static
	$(BIN)/servicetitan serve
dagster: .venv-dagster/installed  ## Dagster at http://127.0.0.1:3000, with eight made-up tenants (docs/orchestration.md)
	$(DAGSTER)/python -m orchestration.local --simulated 8
test-dagster: .venv-dagster/installed  ## run the tests that need Dagster
	$(DAGSTER)/python -m pytest --numprocesses 2 $(wildcard tests/test_orchestration*.py)
psql: setup  ## psql on the database in use
	@$(BIN)/servicetitan psql
stop: setup  ## stop the embedded PostgreSQL
	$(BIN)/servicetitan stop
wheel: setup  ## build the package into dist/, beside the requirements that it is installed with
	rm -rf build dist && $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	cp requirements.txt requirements-dagster.txt dist/ && rm -rf build
requirements:  ## compile the requirements for every platform and Python 3.10 to 3.13 (needs uv)
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate -q pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate -q pyproject.toml --group dev -o requirements-dev.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate -q --group frames -o requirements-frames.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate -q pyproject.toml --extra dagster -c requirements-dev.txt -o requirements-dagster.txt

.PHONY: help setup python wheel demo test test-partitions check bench bench-quick sync sync-full sync-incremental worker status report dashboard dagster test-dagster psql stop requirements
