# What a person types. Building is in the Makefile itself.

JOBS := -j$(shell nproc)

.PHONY: prerequisites
prerequisites:
	@scripts/check-prerequisites build

.PHONY: run
run: ## build, run the scenarios on five implementations, judge the bundled recordings
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@$(BUILD)/freshcheck run scenarios
	@echo
	@echo "Recordings of real Flink clusters (tests/recordings):"
	@echo
	@$(BUILD)/freshcheck check --brief --expect tests/recordings/expected.txt tests/recordings

.PHONY: test
test: ## everything that must hold, under gcc, clang, and gcc with ASan and UBSan
	@scripts/test-all

.PHONY: unit
unit: tests ## the tests of one flavour: make unit FLAVOUR=clang
	@scripts/run-tests $(BUILD)

.PHONY: tests
tests: $(UNIT_TESTS) $(BUILD)/freshcheck

.PHONY: purity
purity: $(foreach room,$(PURE_ROOMS),$(call archive,$(room))) ## pure rooms reach no clock, socket, file or global state
	@scripts/check-purity $(BUILD)

.PHONY: bench
bench: ## figures of the virtual-time loop, one a line: name value unit
	@$(MAKE) --no-print-directory -s $(JOBS) $(BUILD)/bench/bench
	@$(BUILD)/bench/bench

.PHONY: coverage
coverage: ## line coverage of the endpoint, the mock and the judge by the unit tests
	@scripts/check-prerequisites extra
	@scripts/coverage

.PHONY: fuzz
fuzz: ## every fuzz target for SECONDS (default 60) each
	@scripts/check-prerequisites extra
	@scripts/fuzz $(or $(SECONDS_EACH),60)

.PHONY: format
format: ## format every C file by .clang-format
	@scripts/check-prerequisites extra
	@clang-format -i $$(git ls-files '*.c' '*.h')

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' scripts/goals.mk | expand -t 14
