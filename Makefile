# Two commands for a fresh machine: `make demo` and `make test`. The rest is for those who work on it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
KLAR := $(VENV)/.klar
PAKKER := app/portal/tredjepart
BENCH := .venv-bench
BENCH_KLAR := $(BENCH)/.klar
OMFANG ?= 10

.PHONY: demo test chromium curl nginx lint format laas docs openapi bilder bench bevis rent

$(KLAR): lock/dev.txt pyproject.toml $(PAKKER)/package-lock.json
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Trenger Python 3.11 eller nyere; sett PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --requirement lock/dev.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	cd $(PAKKER) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

demo: $(KLAR)
	@$(BIN)/egenandel demo

test: $(KLAR) chromium curl nginx
	$(BIN)/pytest --numprocesses auto --dist worksteal $(ARGS)

# Programs the tests use: fetched where that can be done, said where it cannot.
# $(call hent,program,Debian's package,what fails without it)
define hent
	@PATH="$$PATH:/usr/sbin" command -v $(1) >/dev/null || \
	  { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2) >/dev/null; } || \
	  echo "$(1) mangler, så $(3) vil feile: installer Debian-pakken $(2)." >&2
endef

chromium:
	$(if $(EGENANDEL_CHROMIUM),,$(call hent,chromium,chromium,testene av portalen))

curl:
	$(call hent,curl,curl,testen av kallene i README)

nginx:
	$(call hent,nginx,nginx-light,testene av eksempelet for nginx)

lint: $(KLAR)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m lint.husregler app

format: $(KLAR)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(BENCH_KLAR): lock/bench.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/pip install --quiet --require-hashes --requirement lock/bench.txt
	touch $@

# ARGS=--krev makes a missed target an error.
bench: $(BENCH_KLAR) $(KLAR)
	@$(BENCH)/bin/python -m bench.kalkulatorer $(ARGS)
	@$(BENCH)/bin/python -m bench.http $(ARGS)
	@$(BIN)/python -m bench.saker $(ARGS)
	@$(BIN)/python -m bench.portal $(ARGS)

# The same searches as in `make test`, ten times as wide: about 240 000 properties, 100 000 cases against the
# oracle, 18 000 requests from the API description and 4 800 damaged bodies; 10 000 look-ups at once under faults;
# 1 000 keys repeated twenty times at once; and a service killed 25 times while it stores, beside one that must be
# found out; and the event lists followed through a hundred kills, strange lists and changes of leader.
bevis: $(KLAR)
	EGENANDEL_BEVIS_OMFANG=$(OMFANG) $(BIN)/pytest --numprocesses auto --dist worksteal \
	  tests/calc/test_egenskaper.py tests/calc/test_mot_orakel.py tests/api/test_fuzz.py tests/saker/test_skadde.py $(ARGS)
	$(BIN)/python -m bench.oppslag_bevis --krev
	$(BIN)/python -m bench.gjentak_bevis --krev
	$(BIN)/python -m bench.drap_bevis --krev
	$(BIN)/python -m bench.oppfoelging_bevis --krev
	$(BIN)/python -m bench.webhook_bevis --krev
	$(BIN)/python -m bench.hendelser_bevis --krev
	$(BIN)/python -m bench.masse_bevis --krev
	$(BIN)/python -m bench.massedrap_bevis --krev

docs: $(KLAR)
	$(BIN)/python -m docs.lag_regler

openapi: $(KLAR)
	$(BIN)/egenandel openapi --til openapi/egenandel.json

# The pictures in README and docs/, taken of the portal in a browser.
bilder: $(KLAR) chromium
	$(BIN)/python -m tests.portal.nettleser.bilder

laas: $(KLAR)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade pyproject.toml --extra brev --output-file lock/drift.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade pyproject.toml --extra brev --group dev --output-file lock/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade pyproject.toml --group pyproject.toml:bench --output-file lock/bench.txt

rent:
	rm -rf $(VENV) $(BENCH)
