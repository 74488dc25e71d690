# `make demo` and `make test` are all that a newcomer needs. Both set up what is missing first.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.NOTPARALLEL:

# Fetched weights, the Python environment, staged bundles and the demo's data.
export VITRINE_CACHE ?= $(CURDIR)/.cache
TARGET := $(or $(CARGO_TARGET_DIR),target)
# The guests and the browser client are built by `xtask`, each for its own target.
NATIVE := --workspace --exclude web-hydrate --exclude word-count

.PHONY: domain-test test-all help setup guests site build stage demo test fmt layers clippy cargo-test golden browser bench

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## installs what this machine lacks
	@xtask/setup/system.sh
	@xtask/setup/npm.sh

guests: setup ## builds the WebAssembly guests into artifacts/guests
	cargo run --locked -q -p xtask -- guests

site: setup ## builds the browser client into artifacts/site
	cargo run --locked -q -p xtask -- site

build: guests site ## builds the program into bin/vitrine
	@# The same packages and targets as the tests: another selection would unify features anew and build twice.
	cargo build --locked $(NATIVE) --bins --tests
	@mkdir -p bin
	@cmp -s $(TARGET)/debug/vitrine bin/vitrine || install $(TARGET)/debug/vitrine bin/vitrine

stage: build ## fetches, converts and stages the examples in the cache
	@python3 examples/stage.py

demo: build ## serves the examples on http://127.0.0.1:7860
	@xtask/setup/demo.sh

# The gate holds what has been seen green from a clean clone. `test-all` is the whole; its parts move up here as
# each has passed: next are the sandbox's tests, then the server's, then the browser's.
test: domain-test ## the checks that gate a change

domain-test: ## the domain: ids, manifest, interface, values
	cargo test --locked -p spaces

test-all: fmt layers build stage clippy cargo-test golden browser ## every check and test
	@echo "all tests passed"

fmt:
	cargo fmt --all --check

layers: setup
	.ci/layers

clippy: guests site
	cargo clippy --locked $(NATIVE) --all-targets -- -D warnings

cargo-test: build stage
	cargo test --locked $(NATIVE)

golden: stage ## compares the stored golden outputs with ONNX Runtime
	$(VITRINE_CACHE)/python/bin/python examples/golden.py check

browser: build stage ## drives the pages with Chromium
	@for script in host/tests/browser/*.mjs; do \
		if test -e "$$script"; then echo "node $$script"; node "$$script" </dev/null; fi; \
	done

bench: build stage ## measures against the references and prints a table
	cargo run --locked -q -p bench
