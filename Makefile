# `make run` and `make test` set up everything they need; see README.md.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := corpus ingest retrieval app
QUESTIONS ?= bench/questions.jsonl
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test lint docs lock eval bench-retrieval clean setup setup-dev browser

run: setup
	$(BIN)/ambp serve

test: setup-dev browser
	$(BIN)/python -m pytest $(ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The documentation as a site, in build/site (the notice that is left out is about MkDocs 2)
docs: setup-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# Score the answers to a question set: make eval QUESTIONS=path/to/questions.jsonl
eval: setup
	$(BIN)/ambp eval $(QUESTIONS)

# Measure the searches: make bench-retrieval, or over a set in the BEIR layout with FOLDER=path
bench-retrieval: setup
	$(BIN)/python -m bench.retrieval $(if $(FOLDER),--folder $(FOLDER)) $(ARGS)

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find $(PACKAGES) tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Set-up: a stamp file remembers which lock the environment was made from -----------------

setup: $(VENV)/.run-time
setup-dev: $(VENV)/.development

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "No Python found. Install Python 3.11." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is too old. Install Python 3.11, or name one: make PYTHON=/path/to/python3.11 run" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-time: requirements.lock pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

# The development lock holds the run-time lock too, so one installation does for both.
$(VENV)/.development: requirements-dev.lock requirements.lock pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --requirement requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@ $(VENV)/.run-time

browser:
	@.ci/browser

# --- Locks -----------------------------------------------------------------------------------
# Exact versions of everything, worked out from pyproject.toml alone, whatever is installed here.
# All extras first: they leave the least open. No hashes, and neither the mark of torch's build nor
# the CUDA packages of one: those differ from machine to machine.

LOCKS := requirements.lock requirements-dev.lock
COMPILE := $(BIN)/pip-compile --quiet --no-header --strip-extras --allow-unsafe --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --upgrade \
	--constraint requirements.limits

lock: | $(VENV)/bin/pip
	$(BIN)/pip install --quiet pip-tools
	$(COMPILE) --all-extras --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	sed -E -i.old -e '1s/^/# Made by "make lock" from pyproject.toml\n/' -e 's/^(torch==[0-9.]+)\+.*/\1/' \
		-e '/^(nvidia-|triton==|cuda-)/d' -e '/^# The following/d' -e '/^$$/d' $(LOCKS)
	rm -f $(LOCKS:=.old)
