# Two commands do everything: `make run` and `make test`.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c

LISTEN ?= 127.0.0.1:8080
DATA ?= data

.PHONY: run test bench bench-trust build web install-run install-test fmt lint rust-test web-test program journeys e2e e2e-long api-types

run: build ## build and start the server with its demo companies
	exec ./target/release/tashi serve --data $(DATA) --listen $(LISTEN) --demo

test: install-test ## everything CI checks
	$(MAKE) lint
	$(MAKE) web-test
	$(MAKE) rust-test
	$(MAKE) journeys

bench-trust: ## how often honest days raise a finding, and how many attacks are found (TASHI_TRACKS=DIR: real recordings too)
	cargo run --release --quiet -p tashi-trust --example trust_bench -- --rules $(if $(TASHI_TRACKS),--tracks $(TASHI_TRACKS))

bench: build ## figures of the README, printed as ratios
	scripts/bench.sh

build: web
	cargo build --release -p tashi

web: install-run
	cd web && npm run --silent build

install-run:
	scripts/install.sh run

install-test:
	scripts/install.sh test

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings

rust-test:
	export TASHI_TEST_POSTGRES=$$(scripts/postgres.sh start)
	cargo test --workspace --quiet --lib --bins --tests
	cargo test --workspace --quiet --doc

web-test: install-run
	cd web
	npm run --silent check
	npm test --silent
	npm run --silent build
	node scripts/budget.mjs

e2e: web program journeys ## the journey and the crash test, in a browser, on both engines

# The program as the Rust tests build it: nothing is compiled twice.
program:
	cargo test --workspace --quiet --lib --bins --tests --no-run

journeys: program
	export TASHI_TEST_POSTGRES=$$(scripts/postgres.sh start)
	TASHI_BIN=target/debug/tashi scripts/api-types.sh --check
	node --test --test-concurrency=1 e2e/journey.test.mjs e2e/crash.test.mjs

e2e-long: web program ## the rest of the browser tests: accounts, lists, frequency plans, dispatch, the planning board, territories, no signal again and again, every ground of the map, every screen, the verifier page, a day of truth
	node --test --test-concurrency=1 e2e/account.test.mjs e2e/lists.test.mjs e2e/frequency.test.mjs e2e/dispatch.test.mjs e2e/board.test.mjs e2e/territory.test.mjs e2e/offline.test.mjs e2e/basemap.test.mjs e2e/verifier.test.mjs e2e/truth.test.mjs e2e/screens.test.mjs

api-types: ## regenerate the API document and the types both web apps use
	scripts/api-types.sh
