# The commands of this repository. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test bench fmt gen clean

# What the browser is served, and what it is built from.
DIST    := frontend/dist/index.html
MODULES := frontend/node_modules/.package-lock.json
SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
           frontend/index.html frontend/vite.config.ts frontend/package.json

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: $(DIST) ## Build and start Hansa with a demonstration on http://127.0.0.1:8080 (HANSA_* configure it)
	cargo run --bin hansa -- serve --demonstration

test: ## Everything that CI checks, both columns; installs what it needs where it can
	@.ci/test

bench: $(DIST) ## Measure what is shipped, in the release profile; each figure beside its floor
	cargo build --bin services
	cargo build --release --bin bench
	ulimit -n $$(ulimit -H -n) && cargo run --quiet --bin services -- run \
	    cargo run --quiet --release --bin bench

fmt: ## Format the Rust sources
	cargo fmt --all

gen: $(MODULES) ## Write what is generated: GraphQL schemas, example configuration, types of the frontend
	cargo xtask gen

clean: ## Remove what was built and downloaded; data/ stays
	cargo clean
	rm -rf frontend/dist frontend/node_modules tests/protocol/node_modules

$(DIST): $(SOURCES) $(MODULES)
	cd frontend && npm run --silent build
	@touch $@

$(MODULES): frontend/package-lock.json
	cd frontend && npm ci
	@touch $@
