# Seta: `make demo` tries it, `make test` proves it. Both set everything up on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash

.DEFAULT_GOAL := help
.PHONY: help setup setup-test bundle demo test check storm bench lock format clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@tools/need.sh python $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python tools/link.py
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

node_modules/.stamp: package-lock.json
	@tools/need.sh node
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

simulator/dist/index.html: node_modules/.stamp $(shell find miniprogram simulator seta/desk/voice -type f -not -path '*/dist/*' -not -path '*/miniprogram_npm/*' 2>/dev/null)
	npm run --silent build
	@touch $@

setup: $(VENV)/run.stamp  ## virtual environment and locked packages
setup-test: $(VENV)/test.stamp  ## the same with what the tests need
bundle: simulator/dist/index.html  ## the mini program for the browser

demo: setup bundle  ## set up, run the journey, then serve until Ctrl-C (ONCE=1: stop after the journey)
	@$(BIN)/seta demo $(if $(ONCE),--once)

test: setup-test bundle  ## every test on SQLite and PostgreSQL, browser and SDK judges included (FAST=1: the quick part)
	@$(BIN)/python tools/run_tests.py $(if $(FAST),--fast)

check: setup-test  ## format, lint, types, layers, privacy of models, shape, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy seta seta_sandbox bench tools quality
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_architecture.py tests/test_docs.py

storm: setup-test  ## a stormy day of payments, judged at its end (SEED=n PAYMENTS=10000 STORE=sqlite|postgres)
	@$(BIN)/python tools/storm.py $(if $(SEED),--seed $(SEED)) $(if $(PAYMENTS),--payments $(PAYMENTS)) $(if $(STORE),--store $(STORE))

bench: setup bundle  ## every workload and its limit, measured in one run (PEERS=1: other shops beside the drop; QUICK=1, JSON=file)
	@$(BIN)/$(if $(PEERS),python -m bench.peers,seta bench all) $(if $(QUICK),--quick) $(if $(JSON),--json $(JSON))

format: setup-test  ## put every Python file in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: setup-test  ## compile requirements/*.in again, with hashes and without index addresses
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --python-version 3.11 requirements/run.in -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --python-version 3.11 requirements/test.in -o requirements/test.txt

clean:  ## remove what was built, keep var/
	rm -rf $(VENV) node_modules simulator/dist .mypy_cache .ruff_cache .pytest_cache
