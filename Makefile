# Two commands: `make reproduce` and `make test`. Each sets up a virtual environment of its own first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: setup reproduce test lint bench clean

setup: $(VENV)/ready

$(VENV)/ready: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $@

reproduce: setup
	$(BIN)/surveyanalysis reproduce stepi-2011 copenhagen-housing --out results/

test: setup
	$(BIN)/python -m pytest -n 2

lint: setup
	$(BIN)/ruff check surveyanalysis tests benchmarks
	$(BIN)/ruff format --check surveyanalysis tests benchmarks
	$(BIN)/mypy

bench: setup
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) results build *.egg-info
