# 智诊 Zhizhen. `make help` lists what can be done here; the work itself is in script/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check format bench lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: ## Install what is missing, load the made-up district and start it at http://127.0.0.1:8000 (PORT=8001 for another port)
	@script/setup
	@script/run

test: ## Install what is missing, run all checks and then all tests
	@script/test

check: .venv/.installed-requirements-dev.txt ## Check format, lint, types, import contracts and data files
	@script/check

format: .venv/.installed-requirements-dev.txt ## Bring the Python files into the common format and order the imports
	@.venv/bin/ruff check --quiet --select I --fix .
	@.venv/bin/ruff format .

bench: .venv/.installed-requirements-dev.txt ## Measure speed and memory, each figure beside its yardstick (ONLY=name for one)
	@ONLY="$(ONLY)" .venv/bin/python -m bench

lock: ## Pin the newest versions that fit in requirements*.txt and package-lock.json
	@script/lock

clean: ## Remove what set-up and checks have made; the data in instance/ stay
	@rm -rf .venv .cache-setup node_modules reports/.fonts reports/.prepared reports/.vendor tests/browser/.vendor
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	@find app -name '*.mo' -delete

.venv/.installed-requirements-dev.txt: requirements.txt requirements-dev.txt
	@script/setup --with-tests
	@touch $@
