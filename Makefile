.PHONY: setup run stop test lint lock
.DEFAULT_GOAL := run
SHELL := /bin/bash
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Set where people build images; every Airflow process would then compile its imports anew.
unexport PYTHONDONTWRITEBYTECODE

setup: .venv/ready

.venv/ready: requirements-setup.txt requirements.txt requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt
	VIRTUAL_ENV="$(CURDIR)/.venv" .venv/bin/uv pip install --quiet --require-hashes -r requirements.txt -r requirements-dev.txt
	VIRTUAL_ENV="$(CURDIR)/.venv" .venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch .venv/ready

test: setup
	.venv/bin/python -m pytest

lint: setup
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

lock: setup
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header requirements-setup.in -o requirements-setup.txt
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header requirements.in -o requirements.txt
	.venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt
