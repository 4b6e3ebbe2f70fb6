# Everything works from a fresh clone with Python 3.11+ and make: each target sets up
# what it needs into .venv, from the hash-locked files in requirements/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv installs several times faster than pip, where the machine has it (the dev lock's own does not
# count). What uv fails at, pip does: an index or a proxy may be known to pip alone.
UV := $(shell command -v uv 2>/dev/null)
UV := $(if $(findstring /$(BIN)/,$(UV)),,$(UV))
# pip passes on what setuptools tells the authors of packages: -W ignore.
PIP = $(BIN)/python -W ignore -m pip --disable-pip-version-check
define uv
{ test -n "$(UV)" && test ! -e $(VENV)/without-uv && { \
	"$(UV)" pip $(1) --python $(BIN)/python 2>/dev/null \
	|| { echo "uv failed here; pip takes over." && touch $(VENV)/without-uv && false; }; }; }
endef
pip = { $(uv) || $(PIP) $(1); }
# Each lock is complete, and pip before 23.3 would look beyond it for what is asked for with an
# extra: nothing but what it names is installed.
INSTALL := install --quiet --no-build-isolation --no-deps
LOCKED := $(INSTALL) --require-hashes -r
ITSELF = $(call pip,$(INSTALL) --editable .)
CHECK = $(call pip,check --quiet) || $(PIP) check
# pip works on one core, most of the time at the index' list of each package's files: two of them,
# each with every other package of the lock, take half as long.
define locked
{ $(call uv,$(LOCKED) requirements/$(1).txt) || { \
	awk '/^[a-zA-Z0-9]/ {n++} {print > ("$(VENV)/$(1)-" n % 2 ".txt")}' requirements/$(1).txt; \
	$(PIP) $(LOCKED) $(VENV)/$(1)-0.txt & other=$$!; \
	$(PIP) $(LOCKED) $(VENV)/$(1)-1.txt; status=$$?; \
	wait $$other && test $$status -eq 0; }; }
endef
# Byte code is made when a module is first imported: most of what is installed never is.
export PIP_COMPILE := 0
export UV_COMPILE_BYTECODE := 0
FUZZ_S := 60
CODE := bot summarizers tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help setup run test coverage slow fuzz mutants check fix migration bench lock clean

help: ## Say what each target does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# venv's own way to a pip takes eight seconds and ends at an old one: this Python's own pip, where
# it has one, installs the locked one.
$(VENV)/ready: PIP = $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python
$(VENV)/ready: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "daybrief needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 run")'
	@echo "Setting up .venv (once, about half a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	@$(call pip,$(LOCKED) requirements/build.txt) 2>/dev/null \
		|| { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip $(LOCKED) requirements/build.txt; }
	@touch $@

$(VENV)/runtime: $(VENV)/ready requirements/runtime.txt pyproject.toml
	@$(ITSELF) & itself=$$!; \
		{ test -e $(VENV)/dev || $(call locked,runtime); } && wait $$itself
	@$(CHECK)
	@touch $@

$(VENV)/dev: $(VENV)/ready requirements/dev.txt pyproject.toml
	@$(ITSELF) & itself=$$!; $(call locked,dev) && wait $$itself
	@$(CHECK)
	@touch $@ $(VENV)/runtime

# Apart from the rest: it has wheels for Linux only.
$(VENV)/fuzz: $(VENV)/dev requirements/fuzz.txt
	@$(call pip,$(LOCKED) requirements/fuzz.txt)
	@$(CHECK)
	@touch $@

setup: $(VENV)/dev ## Install what run, test and check need into .venv

run: $(VENV)/runtime ## Start the bot: without a token, a local chat with a sample newsroom
	@$(BIN)/python -m bot run $(ARGS)

test: $(VENV)/dev ## Run the tests
	@$(BIN)/python -m pytest -n logical --dist worksteal $(ARGS)

coverage: $(VENV)/dev ## Run the tests of the pure stages; at least 90% of their branches
	@$(BIN)/python -m pytest -q -n logical --hypothesis-profile=few --cov --cov-branch --cov-report= tests/domain tests/group tests/pick tests/render tests/topics tests/summarizers
	@$(BIN)/python -m coverage report --fail-under=90 --skip-covered \
		--include='summarizers/*,bot/domain/*,bot/group/*,bot/topics/*,bot/pick/*,bot/render/*'

slow: $(VENV)/dev ## Run the long proofs: crashes, every zone, a real browser
	@$(BIN)/python -m pytest -m slow -n logical --dist worksteal --timeout=900 $(ARGS)

fuzz: $(VENV)/fuzz ## Hand strangers' bytes to what reads them, FUZZ_S seconds each (60)
	@for target in feed page date opml; do \
		echo "== $$target"; \
		$(BIN)/python -m tests.fuzz $$target -max_total_time=$(FUZZ_S) -verbosity=0 || exit 1; \
	done

mutants: $(VENV)/dev ## Change our source in 60 places, one by one: does a test notice?
	@$(BIN)/python -m tests.mutants $(ARGS)

check: $(VENV)/dev ## Lint, types, import rules, dead code, dependencies
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry bot summarizers

fix: $(VENV)/dev ## Format, and mend what the linter can mend
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

# Some systems have a NAME of their own in the environment: only the command line's is meant.
migration: $(VENV)/dev ## Begin a migration of the database: make migration NAME="what it does"
	@$(BIN)/python -m bot.store.migrations.new $(if $(filter command,$(origin NAME)),"$$NAME")
	@$(BIN)/ruff format --quiet bot/store/migrations/versions

bench: $(VENV)/dev ## Run every benchmark beside its peers
	$(BIN)/python -m benchmarks --all $(ARGS)

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock'

lock: $(VENV)/dev ## Pin all dependencies anew, with hashes
	$(LOCK) --upgrade requirements/build.in -o requirements/build.txt
	$(LOCK) --upgrade requirements/fuzz.in -o requirements/fuzz.txt
	$(LOCK) --upgrade pyproject.toml -o requirements/runtime.txt
	$(LOCK) --upgrade pyproject.toml --extra cluster -o requirements/cluster.txt
	$(LOCK) --upgrade pyproject.toml --extra cluster --group dev -o requirements/dev.txt

clean: ## Remove what the targets made
	rm -rf $(VENV) .fuzz .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage build *.egg-info
