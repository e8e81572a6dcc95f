# Set-up, start, tests. Every target may be interrupted and run again; what is done is kept.
#   make setup    everything a lab needs; leaves .venv/bin/learn-docker-net
#   make start    set up, then open the course
#   make test     set up, then all tests, those that need a Docker engine included
#   make check    format, lint, types, import contracts and the tests that need no engine
#   make demo-class  a class of twelve to try grading on, in build/demo-class
#   make words    bring the translations of the program's own words up to date
# CI=true agrees beforehand to what set-up asks (installing packages, as root).

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup start test check lint format words clean venv demo-class

BIN := .venv/bin
PYTHON ?= python3

help:
	@sed -n '2,8s/^# *//p' Makefile

# The stamp is newer than what it was made from, so a second `make setup` has nothing to do here. It
# says where it was made: in a checkout that was moved, the programs of .venv do not start.
venv: .venv/stamp

ifneq ($(shell cat .venv/stamp 2>/dev/null),$(CURDIR))
.PHONY: .venv/stamp
endif
.venv/stamp: pyproject.toml tools/venv
	@tools/venv $(PYTHON)
	@pwd -P >$@

setup: venv
	@$(BIN)/learn-docker-net setup

start: setup
	@$(BIN)/learn-docker-net start

test: setup
	@echo "Running all tests."
	@tools/browser && browser= || browser="not browser"; tools/sshd && sshd= || sshd="not sshd"; \
	  both="$${browser:+$${sshd:+ and }}"; $(BIN)/pytest -m "$$browser$$both$$sshd"

check: lint
	@echo "Running the tests that need no engine."
	@$(BIN)/pytest -m "not live and not browser"

lint: venv
	@echo "Checking format, lint, types and import contracts."
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: venv
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Nobody in it is real; what their labs answered was recorded, so that no engine is needed. 3 says
# that not everybody could be graded, which is as it should be here.
demo-class: venv
	@rm -rf build/demo-class
	@$(BIN)/learn-docker-net enroll --demo build/demo-class
	@$(BIN)/learn-docker-net grade build/demo-class/class.yaml --out build/demo-class/graded \
	  || [ $$? -eq 3 ]

# Whatever is empty in the .po afterwards is to be translated; then once more.
PO := runner/locale/zh_CN/LC_MESSAGES/learn_docker_net.po
words: venv
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F tools/words.cfg --no-default-keywords -k msg -k mark \
	  -k translate --omit-header --sort-by-file --add-location=file --no-wrap \
	  -o build/learn_docker_net.pot checks runner
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
	  --no-wrap -i build/learn_docker_net.pot -D learn_docker_net -l zh_CN -o $(PO)
	@$(BIN)/pybabel compile --statistics -i $(PO) -o $(PO:.po=.mo) -D learn_docker_net -l zh_CN

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache dist build
