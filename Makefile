# make run                     install, fetch the models, read eval/corpus, open the chat window
# make run FOLDER=my/articles  the same for a folder of one's own
# make test                    everything that must pass: style, types, tests with the real models
#
# start.py does the work, on Windows too: python start.py [FOLDER], python start.py test

PYTHON ?= python3
FOLDER ?= eval/corpus
STORE  ?= .hoidap/store

BIN = .venv/bin
HOIDAP = $(BIN)/hoidap

.DEFAULT_GOAL := help
.PHONY: help install install-dev models run test eval bench lint format clean

help: ## say what each target does
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

install: ## make .venv with everything the program needs
	@$(PYTHON) start.py install

install-dev: ## the same with what the tests need
	@$(PYTHON) start.py install --dev

models: ## install, and fetch the models that are used by default
	@$(PYTHON) start.py models

run: ## install, fetch the models, read FOLDER into STORE and open the chat window
	@$(PYTHON) start.py "$(FOLDER)" --store "$(STORE)"

test: ## install what is needed; style, types and all tests
	@$(PYTHON) start.py test

eval: models ## measure the answers to eval/questions.jsonl
	@$(HOIDAP) sync eval/corpus --store .hoidap/eval-store
	@$(HOIDAP) eval --store .hoidap/eval-store

bench: models ## measure how fast it encodes, searches, syncs and answers
	@$(BIN)/python -m eval.benchmarks.speed

lint: install-dev ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: install-dev ## put the code into its own style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## remove what was built and read here; models stay (hoidap models remove)
	@rm -rf .venv .hoidap .mypy_cache .ruff_cache .pytest_cache dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
