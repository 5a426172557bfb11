# Every target makes its own virtual environment first; a fresh machine needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test quick torture check bench format reference lock clean

demo: $(VENV)/.runtime
	$(BIN)/casecore demo --store sqlite:///demo.db

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Everything pure: no server, no process of its own, no file but a test's own folder; of random examples fewer.
quick: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --hypothesis-profile quick -m "not slow and not server and not torture" \
		tests/casecore tests/projections tests/stories tests/test_house.py tests/test_cross_references.py

torture: $(VENV)/.dev
	$(BIN)/python -m pytest -m torture -s --timeout 0 -o faulthandler_timeout=0

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.runtime
	$(BIN)/casecore bench

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# What the declarations say of themselves; make test fails while it is not what they say.
reference: $(VENV)/.runtime
	$(BIN)/python -m ops.referencing docs/reference

# Pins and hashes only: where packages come from is each machine's own business.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: $(VENV)/.dev
	$(COMPILE) --output-file requirements.txt pyproject.toml
	$(COMPILE) --output-file requirements-build.txt requirements-build.in
	$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit("casecore needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt requirements-build.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --require-hashes -r requirements-build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/.runtime
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) dist demo.db demo.db-* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
