# The commands of annals; README.md says what each prints. Nothing here needs more than Python 3.11 with pip, and make.
.PHONY: setup run attempt stop status prune test lint bench score prove lock
.DEFAULT_GOAL := run
SHELL := /bin/bash
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/.venv
# Set where people build images; every Airflow process would then compile its imports anew.
unexport PYTHONDONTWRITEBYTECODE

# make run NOTICES=<folder> reads a folder of documents; without it, the sample publisher is read.
# Where a recipe fails, make adds a line of its own, "*** … Error 1". So a run that failed leaves its reason in a file,
# and the line that make adds says that.
run: attempt
	$(call fail,$(file <$(REASON)),$(shell rm -f $(REASON)))

attempt: setup
	@rm -f $(REASON); .venv/bin/python -m stack run --reason $(REASON) $${NOTICES:+--notices "$$NOTICES"} || test -s $(REASON)

REASON = .venv/reason-$(shell echo $$PPID)
fail = $(if $(1),$(error $(1)))

stop: setup
	@.venv/bin/python -m stack stop

# What the watchdog saw last; fails where something is wrong, or where it has not looked for minutes.
status: setup
	@.venv/bin/python -m stack status

# Airflow's own records of runs that are older than ANNALS_KEEP_DAYS go; all else is the work of its DAG keep_house.
prune: setup
	@.venv/bin/python -m stack prune

test: setup
	.venv/bin/python -m pytest

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# Speed and errors, as ratios to peers on this very machine, and what the checks find of planted faults. Extraction
# wants Chromium and the Noto CJK fonts.
bench: setup .venv-bench/ready
	.venv/bin/python -m benchmarks.figures
	.venv/bin/python -m benchmarks.scaling
	.venv/bin/python -m benchmarks.audit
	.venv/bin/python -m benchmarks.checks
	.venv/bin/python -m benchmarks.extract

.venv-bench/ready: requirements-bench.txt
	$(PYTHON) -m venv .venv-bench
	VIRTUAL_ENV="$(CURDIR)/.venv-bench" .venv/bin/uv pip install --quiet --require-hashes -r requirements-bench.txt
	touch .venv-bench/ready

# Correctness of reading on the gold figures.
score: setup
	.venv/bin/python -m benchmarks.score

# Fails while a check stays green on the fault planted for it, or a power cut changes what is loaded in the end.
prove: setup
	.venv/bin/python -m pytest -m "prove or not prove" tests/checks tests/stack

setup: .venv/ready

# Compiled at once on all cores, since the processes of Airflow would otherwise compile the same files side by side.
.venv/ready: requirements-setup.txt requirements.txt requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt
	.venv/bin/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.txt -r requirements-dev.txt
	.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch .venv/ready

lock: setup
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header requirements-setup.in -o requirements-setup.txt
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header requirements.in -o requirements.txt
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header requirements-bench.in -o requirements-bench.txt
