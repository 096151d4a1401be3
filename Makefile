# Everything that a newcomer, a developer and CI run. `make` alone lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/vermilion
export CARGO_TARGET_DIR ?= $(CACHE)/target
export VERMILION_PYTHON_BIN := $(CACHE)/python/bin
LISTEN ?= 127.0.0.1:8080
DATA ?= vermilion-data
# Of `make fuzz`: how long, and which targets (all of them where none is named). JOBS runs several at once.
MINUTES ?= 5
TARGETS ?=
# Of `make conformance`: --write holds what came out from now on.
WRITE ?=
RELEASE := $(CARGO_TARGET_DIR)/release/vermilion
DEBUG := $(CARGO_TARGET_DIR)/debug/vermilion
# With the tests, so that features unify as they did for test-rust and nothing is built twice.
build-debug = cargo build --quiet --locked --workspace --bins --tests
comma := ,
# What is said may hold a comma, which parts the arguments of `call`.
say = @printf '\n\033[1m▸ %s\033[0m\n' "$(1)$(if $(2),$(comma)$(2))"

.PHONY: help run build deps deps-test fonts web openapi licences test test-rust test-web e2e bench bench-ceremonies conformance docs fuzz check clean-data

help: ## This list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: build ## Builds what is missing and starts the server (LISTEN=127.0.0.1:8080, DATA=vermilion-data)
	$(call say,Starting on http://$(LISTEN), data in $(DATA)/)
	@exec "$(RELEASE)" serve --listen "$(LISTEN)" --data-dir "$(DATA)"

build: deps fonts web ## The web application and the release binary
	$(call say,3/3 Building the server (about eight minutes the first time))
	@cargo build --release --locked --package vermilion
	@ln -sfn "$(RELEASE)" vermilion

deps: ## What the build needs: linker, CMake, Python
	$(call say,1/3 Looking for what the build needs)
	@scripts/install-packages build

deps-test: deps ## What the tests need besides: Chromium, OpenSSL, poppler, qpdf, mutool, SoftHSM, pyHanko
	@scripts/install-packages test
	@scripts/install-python

fonts: ## The typefaces (17 MB, once)
	@scripts/fetch-fonts

web/node_modules/.installed: web/package.json web/package-lock.json
	$(call say,2/3 Fetching the web application's packages)
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web: web/dist/index.html ## The web application, into web/dist

web/dist/index.html: web/node_modules/.installed $(shell find web/src web/public web/index.html web/*.ts web/*.json -type f)
	$(call say,2/3 Building the web application)
	@cd web && npm run --silent build

openapi: fonts web/node_modules/.installed ## Writes web/src/api/openapi.json and schema.ts anew
	@mkdir -p web/src/api
	@cargo run --quiet --package vermilion -- openapi > "$(CACHE)/openapi.json"
	@cp "$(CACHE)/openapi.json" web/src/api/openapi.json
	@cd web && npm run --silent gen:api

licences: fonts web/node_modules/.installed ## Writes THIRD-PARTY.txt anew: what the program carries, under which licences
	@scripts/licences > "$(CACHE)/THIRD-PARTY.txt"
	@cp "$(CACHE)/THIRD-PARTY.txt" THIRD-PARTY.txt

check: fonts ## Formatting and lints of the crates
	$(call say,cargo fmt)
	@cargo fmt --all --check
	$(call say,cargo clippy)
	@cargo clippy --locked --workspace --all-targets --quiet -- -D warnings
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check licenses bans sources; fi

test: deps-test check test-rust test-web e2e conformance ## Everything that CI runs

test-rust: fonts ## The tests of the crates, and the examples in their documentation
	$(call say,Tests of the crates)
	@if cargo nextest --version >/dev/null 2>&1; \
	  then cargo nextest run --locked --workspace --no-fail-fast && cargo test --locked --workspace --doc --quiet; \
	  else cargo test --locked --workspace --no-fail-fast --quiet; fi

test-web: web/node_modules/.installed fonts ## Lint, types and tests of the web application; generated files are fresh
	$(call say,Generated files are fresh)
	@$(build-debug)
	@scripts/check-generated "$(DEBUG)"
	$(call say,The web application: lint, types, tests)
	@cd web && npm run --silent lint
	@cd web && npm run --silent typecheck
	@cd web && npm run --silent test

e2e/node_modules/.installed: e2e/package.json e2e/package-lock.json
	@cd e2e && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

e2e: web e2e/node_modules/.installed ## The whole way in a browser, against the real binary
	$(call say,The whole way in a browser)
	@$(build-debug)
	@cd e2e && PATH="$(VERMILION_PYTHON_BIN):$$PATH" VERMILION_BINARY="$(DEBUG)" npm test

docs: fonts ## The manual pages and the shells' completions, into the cache's docs folder
	@$(build-debug)
	@"$(DEBUG)" docs "$(CACHE)/docs"
	$(call say,$(CACHE)/docs/man and $(CACHE)/docs/completions)

bench: deps-test ## Signing and validating at every level beside pyHanko and OpenSSL; time and memory up to 1 GB
	@cargo build --release --locked --package vermilion-pades --example bench
	@cargo build --release --locked --package vermilion-server --example authority_bench
	@scripts/bench-authority "$(CARGO_TARGET_DIR)/release/examples/authority_bench"
	@scripts/bench "$(CARGO_TARGET_DIR)/release/examples/bench"

bench-ceremonies: fonts ## Ceremonies a second through the HTTP API, beside what opening a key costs
	@cargo run --release --locked --package vermilion --example ceremonies

conformance: deps-test fonts ## Third-party attacks, odd files, paths and OCSP answers, judged by us and others: one table
	$(call say,Conformance)
	@cargo build --quiet --locked --workspace --example conformance
	@"$(CARGO_TARGET_DIR)/debug/examples/conformance" --expected conformance/expected.json \
	  --json "$(CACHE)/conformance.json" $(WRITE)

fuzz: ## Looks for inputs that break a reader or the validator, MINUTES for each target (CI's nightly mode)
	$(call say,Fuzzing: $(MINUTES) minutes for each target)
	@CARGO_TARGET_DIR="$(CACHE)/fuzz" scripts/fuzz $(MINUTES) $(TARGETS)

clean-data: ## Throws away the data of `make run`
	@rm -rf "$(DATA)"
