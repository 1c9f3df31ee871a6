# `make` alone lists what there is. Everything is done by cargo and by the scripts in scripts/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Components whose tests are left out: postgres, browser, tryton, separated by commas.
SKIP ?=
export COUNTERPART_SKIP := $(SKIP)

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  SKIP=postgres,browser,tryton leaves out tests whose component cannot be installed."

.PHONY: demo
demo: ## Build Counterpart and try it: three emulated CRMs, sixty people, in the browser
	@scripts/ensure-tools.sh node compiler
	cargo run --release --bin counterpart -- demo

.PHONY: test
test: ## Install what is missing, then check and test everything
	@scripts/ensure-tools.sh
	@$(MAKE) --no-print-directory check
	@scripts/run-tests.sh

.PHONY: test-odoo
test-odoo: ## Install a real Odoo in .cache, as root, and try its connector on it
	@scripts/ensure-tools.sh compiler python
	@scripts/odoo.sh build
	cargo test --quiet --package counterpart-connectors --test it -- --ignored odoo::

.PHONY: test-fidelity
test-fidelity: ## Let the vendors' client libraries drive the emulators; ONLY="name name"
	@scripts/ensure-tools.sh node compiler python
	@cargo build --quiet --bin counterpart
	@python3 scripts/test-fidelity.py $(ONLY)

.PHONY: check
check: ## Format, lints and the rules of the repository, without tests
	cargo fmt --all --check
	@# Modules that a build script finds are out of cargo fmt's sight.
	rustfmt --edition 2024 --check connectors/*/*.rs crates/emulators/src/*/mod.rs
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo xtask tidy

.PHONY: deny
deny: ## Advisories, sources and licences of dependencies (needs cargo-deny)
	@command -v cargo-deny >/dev/null || { echo "cargo-deny is not installed: cargo install --locked cargo-deny" >&2; exit 1; }
	cargo deny check

.PHONY: bench-footprint
bench-footprint: ## Binary size, time to the first page, resident memory
	@scripts/ensure-tools.sh node compiler python
	cargo build --release --bin counterpart
	@python3 scripts/footprint.py

.PHONY: bench-match
bench-match: ## Matching beside other matchers; ROUNDS=3, QUICK=1, DATASETS=folder, SETS=words
	@scripts/ensure-tools.sh node compiler python
	cargo build --release --package counterpart --package xtask
	@target/release/xtask bench match

.PHONY: bench-sync
bench-sync: ## Pulling users beside other tools; ROUNDS=3, USERS=100000
	@scripts/ensure-tools.sh node compiler python
	cargo build --release --bin counterpart
	@$${PYTHON:-python3} scripts/bench-sync/bench_sync.py

.PHONY: bench-grid
bench-grid: ## The mapping page among very many people, on both databases; PEOPLE=100000 CONNECTIONS=10 DATABASE=
	@scripts/ensure-tools.sh node compiler postgres
	cargo bench --package counterpart-web --bench grid

.PHONY: bench-pick
bench-pick: ## A change of one mapping among very many people, on both databases; PEOPLE=10000 CONNECTIONS=3
	@scripts/ensure-tools.sh node compiler postgres
	PEOPLE=$${PEOPLE:-10000} CONNECTIONS=$${CONNECTIONS:-3} cargo bench --package counterpart-service --bench pick

# Where `make screenshots` puts pictures of all pages, besides those in docs/images.
PICTURES ?=

.PHONY: screenshots
screenshots: ## Take the pictures of docs/images anew; with PICTURES=folder, of every page too
	@scripts/ensure-tools.sh node compiler browser
	cargo test --package counterpart --test it -- --ignored --exact \
		browser::pictures::the_documentation_shows_the_demo
ifneq ($(PICTURES),)
	COUNTERPART_PICTURES=$(abspath $(PICTURES)) cargo test --package counterpart --test it -- \
		--ignored --exact browser::pictures::an_album_shows_every_page
endif
