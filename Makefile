# make run                     install, fetch the models, read eval/corpus, open the chat window
# make run FOLDER=my/articles  the same for a folder of one's own
# make test                    everything that must pass: style, types, tests with the real models

PYTHON ?= python3
FOLDER ?= eval/corpus
STORE  ?= .hoidap/store
SMALL_LLM = qwen2.5-coder-0.5b-instruct-q4_k_m

BIN = .venv/bin
HOIDAP = $(BIN)/hoidap

.DEFAULT_GOAL := help
.PHONY: help install install-dev models models-dev run test eval bench lint format clean

help: ## say what each target does
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

install: ## make .venv with everything the program needs
	@$(PYTHON) scripts/install.py

install-dev: ## the same with what the tests need
	@$(PYTHON) scripts/install.py --dev
	@$(PYTHON) scripts/install.py --system-test-packages

models: install ## fetch the models that are used by default
	@$(HOIDAP) models fetch

models-dev: install-dev
	@$(HOIDAP) models fetch
	@$(HOIDAP) models fetch $(SMALL_LLM)

run: models ## read FOLDER into STORE and open the chat window
	@$(HOIDAP) sync "$(FOLDER)" --store "$(STORE)"
	@$(HOIDAP) ui --store "$(STORE)"

test: models-dev lint ## style, types and all tests
	@$(BIN)/pytest

eval: models ## measure the answers to eval/questions.jsonl
	@$(HOIDAP) sync eval/corpus --store .hoidap/eval-store
	@$(HOIDAP) eval --store .hoidap/eval-store

bench: models ## measure how fast it encodes, searches, syncs and answers
	@$(BIN)/python -m eval.speed

lint: install-dev ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: install-dev ## put the code into the style of the house
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## remove what was built and read here; models stay (hoidap models remove)
	@rm -rf .venv .hoidap .mypy_cache .ruff_cache .pytest_cache dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
