# Everything runs in .venv, made from the pinned, hashed requirements.
# Needed beforehand: Python 3.11 or newer with venv, make and git.

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
.SUFFIXES:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV_VERSION := 0.13.9

.PHONY: help setup demo test lint types contracts docs reference check format pins clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: .venv/.installed ## Make .venv and install the package in it

# A change of pins makes the environment anew, so that nothing old is left in it.
.venv/.pinned: requirements/all.txt
	@rm -rf .venv
	@for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	      2>/dev/null; then \
	    echo "setup: making .venv with $$($$python --version)"; \
	    exec $$python -m venv .venv; \
	  fi; \
	done; \
	echo 'setup: needs Python 3.11 or newer with the venv module' >&2; \
	echo '       (on Debian: the packages python3 and python3-venv)' >&2; \
	exit 1
	@echo 'setup: installing the pinned requirements'
	@$(PIP) install --require-hashes -r requirements/all.txt
	@touch $@

.venv/.installed: .venv/.pinned pyproject.toml
	@echo 'setup: installing corridor'
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m corridor.watch.compile
	@touch $@

EXAMPLE := examples/karabakh-2023
WHEN := --at 2023-09-27 --known-at 2023-09-27

demo: setup ## Run the shipped example from its claims to plan and brief
	@rm -rf $(EXAMPLE)/ledger # made anew from the example's own reports
	@$(BIN)/corridor load -o $(EXAMPLE)
	@$(BIN)/corridor picture -o $(EXAMPLE) $(WHEN)
	@$(BIN)/corridor plan -o $(EXAMPLE) $(WHEN)
	@$(BIN)/corridor explain -o $(EXAMPLE) $(WHEN)
	@for edition in restricted partners public; do \
	  $(BIN)/corridor brief situation -o $(EXAMPLE) $(WHEN) --edition $$edition \
	    --out out/karabakh-2023-$$edition.html; done
	@$(BIN)/corridor brief situation -o $(EXAMPLE) $(WHEN) --out out/karabakh-2023-restricted.txt
	@$(BIN)/corridor verify -o $(EXAMPLE)
	@echo 'The brief: out/karabakh-2023-restricted.html (open it in a browser)'

test: setup ## Run the tests
	@command -v chromium >/dev/null || { \
	  echo '************************************************************'; \
	  echo '**  chromium is not on PATH: BROWSER TESTS ARE SKIPPED    **'; \
	  echo '************************************************************'; }
	$(BIN)/pytest -q -n 2 --dist worksteal

lint: setup ## Check style and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: setup ## Put the code in its format, and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: setup ## Check the types
	$(BIN)/mypy

reference: setup ## Write docs/reference from the code
	$(BIN)/python tools/reference.py

docs: setup ## Check that the reference is current and every link in the docs leads somewhere
	$(BIN)/python tools/reference.py --check
	$(BIN)/python tools/links.py

contracts: setup ## Check which module may import which
	$(BIN)/lint-imports

check: lint types contracts docs ## All of lint, types, contracts and docs

# Pins that still fit are kept; `make pins PINS=--upgrade` takes the newest.
PINS :=
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header $(PINS)

pins: ## Pin the requirements again, with hashes
	@tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
	python=$$(command -v python3.11 || command -v python3); \
	"$$python" -m venv "$$tmp"; \
	"$$tmp/bin/python" -m pip --disable-pip-version-check --quiet install uv==$(UV_VERSION); \
	PATH="$$tmp/bin:$$PATH"; \
	$(COMPILE) --extra cluster pyproject.toml requirements/dev.in -o requirements/all.txt >/dev/null; \
	$(COMPILE) pyproject.toml -c requirements/all.txt -o requirements/runtime.txt >/dev/null
	@if grep -nE '://|find-links|index-url' requirements/*.txt; then \
	  echo 'pins: an address stands in the pinned requirements' >&2; exit 1; fi
	@grep -c '==' requirements/all.txt requirements/runtime.txt

clean: ## Remove the environment, the caches and what was built
	rm -rf .venv build dist out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf examples/*/out examples/*/ledger
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
