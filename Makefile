# Every command here does its own set-up; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help quickstart test build lint format consumers examples interop cluster-test stress sanitize fuzz bench bench-client \
  bench-realtime bench-endpoint bench-service bench-cluster coverage docs clean

BENCH ?=

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

quickstart: ## the whole story on this machine, from a signed request to a live client that is revoked; nothing to configure
	@Scripts/setup
	@Scripts/build --product ably-auth
	@.build/debug/ably-auth quickstart

test: ## everything that must hold: lint, build, tests, consumer fixture, official client
	@Scripts/setup tests
	@Scripts/test

build: ## libraries, tool and tests, debug
	@Scripts/setup
	@Scripts/build --build-tests

lint: ## check the layout of every Swift file
	@Scripts/setup
	@Scripts/layout check

format: ## lay every Swift file out
	@Scripts/setup
	@Scripts/layout write

consumers: ## a package that takes AblyTokens alone: what it resolves, links and prints
	@Scripts/setup tests
	@Scripts/check-consumer

examples: ## the packages in Examples: built, and their own tests run
	@Scripts/setup tests
	@Scripts/examples

interop: ## the official Python client against `ably-auth local`, and the console in Chromium
	@Scripts/setup tests
	@Scripts/build --product ably-auth
	@Scripts/interop

cluster-test: ## all tests of nodes on PostgreSQL, the long ones too: killed, cut off and replaced under load
	@Scripts/setup tests
	@Scripts/cluster-test

stress: ## the Swift tests 20 times, stopping at the first failure
	@Scripts/setup
	@Scripts/build --build-tests
	@Scripts/stress 20

sanitize: ## the tests of the libraries under the thread and the address sanitizer
	@Scripts/setup
	@Scripts/sanitize thread
	@Scripts/sanitize address

fuzz: ## random input for everything that reads a peer's bytes; FUZZ_SECONDS=20 for each of the targets
	@Scripts/setup
	@Scripts/build --build-tests
	@Scripts/fuzz

bench: ## benchmarks, release build; BENCH=sign runs those whose name begins so; BENCH=--check with the others
	@Scripts/setup
	@Scripts/bench $(BENCH)

bench-client: ## what the client costs, beside the bare HTTP client; release build
	@Scripts/setup
	@Scripts/bench-servers client $(BENCH)

bench-realtime: ## what a connection costs, beside a bare WebSocket echo; release build; BENCH=messages, or another part
	@Scripts/setup
	@Scripts/bench-servers realtime $(BENCH)

bench-endpoint: ## what an answer of the token endpoint costs, beside a constant one; release build, needs wrk
	@Scripts/setup
	@Scripts/bench-servers endpoint $(BENCH)

bench-service: ## what the service costs, beside bare servers: tokens, connections, fan-out; release build, needs wrk
	@Scripts/setup
	@Scripts/bench-servers service $(BENCH)

bench-cluster: ## what nodes on PostgreSQL do in a second, beside pgbench; release build, needs libpq, PostgreSQL and wrk
	@Scripts/setup
	@Scripts/bench-cluster $(BENCH)

coverage: ## write docs/spec-coverage.md from the names of the tests
	@Scripts/setup tests
	@Scripts/spec-coverage

docs: ## DocC for every library, into .build/docs
	@Scripts/setup
	@Scripts/docs

clean: ## remove everything that was built
	@rm -rf .build .build-* Benchmarks/.build Benchmarks/Servers/.build Benchmarks/latest.json
	@rm -rf Examples/*/.build Tests/Consumers/*/.build
