# Two commands matter: `make lab` opens the lessons, `make test` checks everything. Each sets up what it needs.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3

# Where the reader's own Jupyter keeps its kernels, should it not be the usual place.
readers_data := $(JUPYTER_DATA_DIR)
# Jupyter sees this project's settings only, and writes nowhere else: the reader's own Jupyter stays as it is.
export JUPYTER_CONFIG_DIR := $(CURDIR)/.venv/jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/.venv/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.venv/jupyter/runtime
export IPYTHONDIR := $(CURDIR)/.venv/jupyter/ipython
export PYTHONPATH := $(CURDIR)/support/tools
# No bytecode beside our own files, nor beside anyone's.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/bytecode
# What Node has made of our modules, types left out and compiled, the next program reads from here.
export NODE_COMPILE_CACHE := $(CURDIR)/.venv/compile-cache
export PATH := $(CURDIR)/.venv/nodejs/bin:$(PATH)
unexport JUPYTER_PATH JUPYTER_CONFIG_PATH JUPYTERLAB_DIR JUPYTERLAB_SETTINGS_DIR JUPYTERLAB_WORKSPACES_DIR
# Where none may be written at all, as in many containers, each command would compile all that it imports: seconds of it.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONHOME PYTHONSAFEPATH NODE_OPTIONS NODE_PATH FORCE_COLOR

python := .venv/bin/python
# What runs without set-up: it has its own bytecode, and writes none beside our files.
computers_python := PYTHONPYCACHEPREFIX= "$(PYTHON)" -B
define setup
@command -v "$(PYTHON)" >/dev/null || { echo "setup: no $(PYTHON) here. Install Python 3.10 or newer, or name one: make $@ PYTHON=/path/to/python3" >&2; exit 1; }
@$(computers_python) support/tools/setup/setup.py
endef

# The reader's own copy of the lessons. It is not ours: make brings newer lessons into it, and never removes it.
MY_LESSONS ?= my-lessons
# What was open in windows on the originals is remembered apart from the reader's.
authors_windows := $(JUPYTER_CONFIG_DIR)/lab/workspaces/originals

.PHONY: help lab reset test test-stock test-fast
.PHONY: exercises assignment progress execute html kernel no-kernel server worker lesson links format bench kills lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

lab: ## open your own copy of the lessons in JupyterLab; ARGS='--no-browser --port 8900' passes on to it
	$(setup)
ifdef ORIGINALS
	@JUPYTERLAB_WORKSPACES_DIR="$(authors_windows)" exec $(python) -m jupyterlab notebooks $(ARGS)
else
	@$(python) -m copies --copy "$(MY_LESSONS)" update
	@exec $(python) -m jupyterlab "$(MY_LESSONS)" $(ARGS)
endif

reset: ## take a lesson of your copy back to its original: LESSON=concepts/01, or all; what you had is kept beside it
	$(setup)
	@$(python) -m copies --copy "$(MY_LESSONS)" reset "$(LESSON)"

test: ## check everything: code, cells, helpers, set-up, lessons re-run, pages, JupyterLab in a browser; PARTS=units for one
	$(setup)
	@$(python) -m testing $(PARTS)

test-stock: ## run the concepts and examples on stock tslab too: nobody is locked in
	$(setup)
	@$(python) -m testing stock

test-fast: ## what takes under a minute: no browser, no database, no set-up tests, only the lessons that changed
	$(setup)
	@$(python) -m testing --fast

execute: ## run lessons and write their outputs; LESSON=examples/02 for one
	$(setup)
	@$(python) -m runner execute $(LESSON)

html: ## executed lessons as pages in html/, with an index, one zip, an EPUB and a PDF
	$(setup)
	@PYTHONPATH="$(PYTHONPATH):$(CURDIR)/tests" $(python) -m bench --page build/pages/how-fast-it-is.html
	@$(python) -m pages

kernel: ## let your own Jupyter run the lessons too: tells it of their kernel
	$(setup)
	@$(python) -m copies --copy "$(MY_LESSONS)" update
	@JUPYTER_DATA_DIR="$(readers_data)" $(python) support/tools/setup/own_jupyter.py install

no-kernel: ## take back what `make kernel` did
	@JUPYTER_DATA_DIR="$(readers_data)" $(computers_python) support/tools/setup/own_jupyter.py remove

server: ## the delay server alone on port 3000, real seconds, until Ctrl-C; ARGS='--port 3001'
	$(setup)
	@exec node --max-semi-space-size=4 support/helpers/delay-server/main.ts $(ARGS)

worker: ## a worker of the lesson on many machines, on any of them: DATABASE_URL=postgres://… make worker ARGS='--places 2'
	$(setup)
	@exec node support/helpers/letters/main.ts $(ARGS)

lesson: ## start a new lesson: NAME=examples/03-adding-tasks
	$(setup)
	@$(python) -m authoring new "$(NAME)"

exercises: ## write the exercises of all lessons from their sources, and run all their answers; ONLY=02-a for one
	$(setup)
	@$(python) -m practice write
	@$(python) -m practice try $(ONLY)

assignment: ## exercises for nbgrader, with points, in build/assignment; LESSON=examples/02, or all
	$(setup)
	@$(python) -m classroom write $(LESSON)

progress: ## how far you are: exercises solved, tried and open
	$(setup)
	@node support/helpers/practice/tell-progress.ts my-lessons

links: ## write previous, next, the table of lessons and the page of words
	$(setup)
	@$(python) -m authoring links

format: ## format code and cells
	$(setup)
	@node node_modules/@biomejs/biome/bin/biome check --write
	@$(python) -m ruff check --quiet --fix && $(python) -m ruff format --quiet
	@$(python) -m authoring cells --write

bench: ## measure beside Python's and the field's best, half an hour; ONLY=echo for a part, AGAINST=file compares, KEEP=1 keeps
	$(setup)
	@PYTHONPATH="$(PYTHONPATH):$(CURDIR)/tests" $(python) -m bench $(if $(ONLY),--only "$(ONLY)") \
		$(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(AGAINST),--against "$(AGAINST)") $(if $(KEEP),--keep) $(ARGS)

kills: ## fifty runs of the lesson's workers on a queue, killed at random moments, and their throughput; takes minutes
	$(setup)
	@node tests/helpers/letters/kills.ts
	@node tests/helpers/letters/throughput.ts

lock: ## write requirements.txt and package-lock.json anew
	$(setup)
	@$(python) -m pip install --quiet uv==0.13.9
	@$(python) -m uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header --no-strip-extras requirements.in -o requirements.txt
	@$(python) -m uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header tests/bench/peers/requirements.in -o tests/bench/peers/requirements.txt
	@$(python) -m uv pip compile --quiet --no-deps --universal --python-version 3.10 --generate-hashes --no-header support/tools/classroom/requirements.in -o support/tools/classroom/requirements.txt
	@for at in . tests/bench/peers; do node .venv/nodejs/lib/node_modules/npm/bin/npm-cli.js install --prefix $$at --package-lock-only --ignore-scripts --no-audit --no-fund; done

# What a reader has written is not of make's making: their copy of the lessons stays.
clean: ## remove everything that make has made: .venv, node_modules, build, html; your lessons stay
	@rm -rf .venv node_modules build html support/types
