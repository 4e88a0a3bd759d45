# `make run` starts the desk, `make test` checks everything; `make help` lists the rest.

PORT ?= 8000
ADDRESS := 127.0.0.1:$(PORT)
BIN := .venv/bin
DJANGO := $(BIN)/python manage.py
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input -r
CORES := $(shell getconf _NPROCESSORS_ONLN)
PYTEST := $(BIN)/python -m pytest -n $(CORES) --maxprocesses=4 --dist=worksteal
NOWHERE := env DATABASE_URL=sqlite://:memory:
unexport DJANGO_SETTINGS_MODULE  # another project's, left in the shell
unexport PYTHONDONTWRITEBYTECODE  # each of the many processes would compile every module again

.PHONY: help run setup accounts test test-full settled lint chromium collected browser prove bench clean
.DELETE_ON_ERROR:

help:
	@echo "make run       start the desk on http://$(ADDRESS)/ (PORT=... changes the port)"
	@echo "make setup     only prepare: packages, database, policies, codes, demonstration accounts"
	@echo "make accounts  give the demonstration accounts new passwords, and print them"
	@echo "make test      check everything: style, types, tests on SQLite and PostgreSQL, the browser"
	@echo "make test-full also what is long or needs an optional program (LibreOffice): run it before a release"
	@echo "make lint      only style and types"
	@echo "make browser   only the browser tests (T=... a part of them)"
	@echo "make prove     hold the rules against brute force on many more generated cases"
	@echo "make bench     print the benchmarks"
	@echo "make clean     remove what make made, but not the database and the secret key"

run: .venv/.installed
	@$(BIN)/python -m config.port $(PORT)
	@$(MAKE) --no-print-directory setup
	@echo "The desk is open at http://$(ADDRESS)/ (Ctrl-C closes it; 'make accounts' makes new passwords)."
	@exec $(BIN)/python -m gunicorn config.wsgi --config python:config.serving --bind $(ADDRESS)

setup: .venv/.installed staticfiles/staticfiles.json
	@$(DJANGO) setup_desk

accounts: setup
	@$(DJANGO) demo_accounts --reset

test: .venv/.installed
	@$(MAKE) --no-print-directory --jobs=2 settled lint chromium collected  # beside each other: each runs on one core
	env -u DATABASE_URL $(PYTEST) -n $$(($(CORES) + 1))  # one more: a browser is waited for now and then
	$(BIN)/python -m tests.support.postgres $(PYTEST) --ignore=tests/browser

test-full: test prove
	env -u DATABASE_URL FULL=1 $(BIN)/python -m pytest -m full

settled: .venv/.installed
	$(NOWHERE) $(DJANGO) makemigrations --check --dry-run
	$(NOWHERE) ALLOWED_HOSTS=desk.example.org $(DJANGO) check --deploy --fail-level WARNING
	$(BIN)/python -m tests.support.prepared

lint: .venv/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(NOWHERE) $(BIN)/mypy

chromium: .venv/.installed-dev
	$(BIN)/python -m tests.support.chromium

collected: .venv/.installed-dev  # also compiles them, which every worker would do otherwise
	@found=$$($(BIN)/python -m pytest --collect-only -qq) || { echo "$$found" | tail -n 40; exit 1; }

browser: chromium
	env -u DATABASE_URL $(PYTEST) $(or $(T),tests/browser)

prove: .venv/.installed-dev
	env -u DATABASE_URL THOROUGH=1 $(PYTEST) tests/rules tests/test_policies_by_hand.py tests/services/test_bulk.py tests/services/uploads

bench: .venv/.installed-dev
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.impact
	$(BIN)/python -m tests.bench.uploads
	$(BIN)/python -m tests.bench.papers

clean:
	rm -rf .venv staticfiles test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Built once, and again when what they are built from changes

# The first Python on the PATH that will do, or the quickest of the same version: its builds differ by half, as
# pyenv's, compiled without a profile, and the system's.

.venv/bin/python:
	@IFS=:; for folder in $$PATH; do for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		[ -x "$$folder/$$python" ] && "$$folder/$$python" -c "$$TRIED" 2>/dev/null && echo " $$folder/$$python"; \
	done; done | awk 'NR == 1 {first = $$1} {print $$1 == first ? 0 : NR, $$0}' | sort -k1,1n -k3,3n | \
	while IFS=' ' read -r place version time python; do \
		"$$python" -m venv --clear .venv && exit; \
		rm -rf .venv; \
	done; \
	[ -x .venv/bin/python ] && exit; \
	echo "No Python 3.11 or newer on the PATH makes a virtual environment: install one with its venv module" \
		"(Debian: apt-get install python3-venv)." >&2; exit 1

define TRIED
import ensurepip, sys, time, venv
if sys.version_info < (3, 11): sys.exit(1)
start = time.perf_counter()
for n in range(1_000_000): n * n & 7
print("%d.%d" % sys.version_info[:2], round((time.perf_counter() - start) * 1000), end="")
endef
export TRIED

.venv/.installed: requirements.txt | .venv/bin/python
	@echo "Installing packages ..."
	@$(PIP) requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing packages for the tests ..."
	@$(PIP) requirements-dev.txt
	@touch $@

staticfiles/staticfiles.json: .venv/.installed config/settings.py $(shell find static -type f 2>/dev/null)
	@env -u DEBUG $(DJANGO) collectstatic --noinput --clear --verbosity 0 \
		--ignore '*.rtl.*' --ignore 'bootstrap-*' --ignore bootstrap.css --ignore bootstrap.css.map \
		--ignore 'htm[ax]*-4*' --ignore ext --ignore LICENSE
	@touch $@
