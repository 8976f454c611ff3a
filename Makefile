# Two commands do everything: `make run` and `make test`.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c

LISTEN ?= 127.0.0.1:8080
DATA ?= data

.PHONY: run test bench bench-trust build web install-run install-test fmt rust-test web-test program journeys journeys-sqlite journeys-postgres e2e e2e-long api-types

run: build ## build and start the server with its demo companies
	exec ./target/release/tashi serve --data $(DATA) --listen $(LISTEN) --demo

test: install-test ## everything CI checks
	$(MAKE) fmt
	$(MAKE) web-test
	$(MAKE) rust-test
	$(MAKE) journeys

bench-trust: ## how often honest days raise a finding, and how many attacks are found; fails when a gate does (TASHI_TRACKS=DIR: real recordings too)
	cargo run --release --quiet -p tashi-trust --example trust_bench -- --rules $(if $(TASHI_TRACKS),--tracks $(TASHI_TRACKS))

bench: build ## figures of the README, printed as ratios
	scripts/bench.sh

# Only the last piece of the program holds the pages: everything below it is compiled while they are made.
build:
	cargo build --release -p tashi --lib &
	trap "kill $$! 2>/dev/null || true" EXIT
	$(MAKE) web
	wait $$!
	cargo build --release -p tashi

# The program embeds both apps, so they are built only when something they are made of is newer.
WEB := web/console/dist/index.html web/field/dist/index.html
web: install-run
	$(MAKE) --no-print-directory -j2 $(WEB)

$(WEB): web/%/dist/index.html: $(shell find web/shared web/console web/field -name node_modules -prune -o -name dist -prune -o -type f -print) web/package-lock.json
	cd web && npm run --silent build -w $*

install-run:
	scripts/install.sh run

install-test:
	scripts/install.sh test

fmt:
	cargo fmt --all --check

# Lints and tests from one compilation: clippy's compiler is the ordinary one asking more questions, and what it warns of
# is a fault here (cargo clippy passes its arguments in this form).
CHECKED := RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__

# Stores of tests lie in memory where there is room: mostly they wait for the disk otherwise. Tests kill programs and never
# the machine, so what is written is there as surely.
ROOM := $(shell [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null && echo /dev/shm)
ifneq ($(ROOM),)
rust-test journeys e2e e2e-long: export TMPDIR = $(ROOM)
endif

rust-test:
	export TASHI_TEST_POSTGRES=$$(scripts/postgres.sh start)
	$(CHECKED) cargo test --workspace --quiet

web-test: install-run
	cd web
	npm run --silent check
	npm test --silent
	$(MAKE) --no-print-directory -C .. -j2 $(WEB)
	node scripts/budget.mjs

e2e: web program journeys ## the journey and the crash test, in a browser, on both engines

# The program as the Rust tests build it: nothing is compiled twice.
program:
	$(CHECKED) cargo test --workspace --quiet --no-run

journeys: program
	export TASHI_TEST_POSTGRES=$$(scripts/postgres.sh start)
	TASHI_BIN=target/debug/tashi scripts/api-types.sh --check
	$(MAKE) --no-print-directory -j2 --output-sync=target journeys-sqlite journeys-postgres

# Much of a journey is waiting for a browser: the engines take turns at the cores.
journeys-sqlite journeys-postgres: journeys-%:
	ENGINES=$* node --test --test-concurrency=1 e2e/journey.test.mjs e2e/crash.test.mjs

# The rest of the browser tests, one a subject.
LONG := loop small sop account lists frequency dispatch board crews territory forms approvals objects custom changes checks attendance knowledge \
	orders maintenance patrol proofs offline basemap verifier truth screens nodes demo

e2e-long: web program ## the rest of the browser tests, from sign-in to two servers of which one is killed
	node --test --test-concurrency=1 $(LONG:%=e2e/%.test.mjs)

api-types: ## regenerate the API document and the types both web apps use
	scripts/api-types.sh
