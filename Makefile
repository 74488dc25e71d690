# `make demo` and `make test` are all that a newcomer needs. Both set up what is missing first.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.NOTPARALLEL:

# Fetched weights, the Python environment, staged bundles and the demo's data.
export VITRINE_CACHE ?= $(CURDIR)/.cache
TARGET := $(or $(CARGO_TARGET_DIR),target)
# The guests and the browser client are built by `xtask`, each for its own target. Every call of cargo makes the same
# selection: another one would unify features anew and compile half the dependencies twice.
NATIVE := --locked --workspace --exclude web-hydrate --exclude word-count --features guest-sdk/onnx,guest-sdk/image
XTASK := $(TARGET)/debug/xtask

.PHONY: help setup clients xtask guests site build stage demo test fmt layers clippy cargo-test hostile hostile-soak golden \
	browser screenshots vitals bench soak fuzz

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## installs what this machine lacks
	@xtask/setup/system.sh
	@xtask/setup/npm.sh

clients: setup ## installs the real clients that the tests call the server with
	@xtask/setup/clients.sh

xtask: setup
	cargo build $(NATIVE) --bin xtask

guests: xtask ## builds the WebAssembly guests into artifacts/guests
	$(XTASK) guests

site: xtask ## builds the browser client into artifacts/site
	$(XTASK) site

build: guests site ## builds the program into bin/vitrine
	cargo build $(NATIVE) --bins --tests
	@mkdir -p bin
	@cmp -s $(TARGET)/debug/vitrine bin/vitrine || install $(TARGET)/debug/vitrine bin/vitrine

stage: build ## fetches, converts and stages the examples in the cache
	@python3 examples/stage.py

demo: build ## serves the examples on http://127.0.0.1:7860
	@xtask/setup/demo.sh

test: fmt layers build stage clippy cargo-test golden browser ## every check and test
	@echo "all tests passed"

fmt:
	cargo fmt --all --check
	cargo fmt --manifest-path host/fuzz/Cargo.toml --check

layers: setup
	.ci/layers

clippy: guests site
	cargo clippy $(NATIVE) --all-targets -- -D warnings

cargo-test: build stage clients
	cargo test $(NATIVE)

# Already a part of `cargo-test`, and so of `test`; these run it alone.
hostile: build stage ## runs the hostile inputs of every row
	cargo test $(NATIVE) --package host --test hostile

hostile-soak: build stage ## runs their long repetitions
	cargo test $(NATIVE) --package host --test hostile -- --ignored --nocapture

golden: stage ## compares the stored golden outputs with ONNX Runtime
	$(VITRINE_CACHE)/python/bin/python examples/golden.py check

browser: build stage ## drives the pages with Chromium
	@for script in host/tests/browser/*.mjs; do \
		if test -e "$$script"; then echo "node $$script"; node "$$script" </dev/null; fi; \
	done

screenshots: build stage ## writes a picture of every page into the folder screenshots
	node host/tests/browser/tools/screenshots.mjs </dev/null

vitals: build stage ## measures how soon pages are painted and alive
	node host/tests/browser/tools/vitals.mjs </dev/null

bench: build stage ## measures against the references and prints a table
	$(TARGET)/debug/bench

soak: build stage ## calls a thousand spaces for ten minutes; nothing may grow
	$(TARGET)/debug/bench soak

# For each target, in seconds.
FUZZ_SECONDS ?= 60

fuzz: setup ## fuzzes what reads strangers' bytes, FUZZ_SECONDS=60 each
	CARGO_TARGET_DIR=$(abspath $(TARGET))/fuzz host/fuzz/run.sh $(FUZZ_SECONDS)
