# What a person types. Building is in the Makefile itself.

JOBS := -j$(shell nproc)

# Before anything is compiled, its packages are there. The check costs less than a compilation.
.PHONY: prerequisites test-prerequisites
prerequisites:
	@scripts/install-dependencies build
test-prerequisites: prerequisites
	@scripts/install-dependencies test
$(addsuffix .o,$(UNIT_TESTS)) $(SUPPORT): | test-prerequisites

.PHONY: run
run: ## build, run the scenarios on five implementations, judge the bundled recordings
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@$(BUILD)/freshcheck run
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

.PHONY: test-times
test-times: tests ## the same, and what each test takes: on the clock, and of processors
	@scripts/run-tests --times $(BUILD)

.PHONY: tests
tests: $(UNIT_TESTS) $(SHARED_OBJECTS) $(BUILD)/freshcheck manual completions | test-prerequisites

.PHONY: examples
examples: $(filter $(BUILD)/examples/%,$(SHARED_OBJECTS)) ## caches of one's own, for freshcheck run --implementation ./FILE.so

.PHONY: test-flink
test-flink: all ## Flink's own command line against the mock, and clusters that leave nothing; fetches 600 MB of jars when they are not there
	@scripts/install-dependencies flink
	@FRESHCHECK=$(BUILD)/freshcheck BUILD=$(BUILD) tests/flink/test_command_line.sh
	@FRESHCHECK=$(BUILD)/freshcheck BUILD=$(BUILD) tests/flink/test_cluster.sh

FLINK ?= 1.20.3
.PHONY: flink
flink: all ## real clusters beside the model, cell by cell: make flink FLINK=2.3.0; fetches 300 MB a version
	@scripts/install-dependencies flink
	@FRESHCHECK=$(BUILD)/freshcheck tests/flink/run_suite.py $(FLINK)

.PHONY: test-browser
test-browser: all ## the HTML report and Flink's own dashboard on the mock in headless Chromium; pictures in build/pictures
	@scripts/install-dependencies browser
	@FRESHCHECK=$(BUILD)/freshcheck tests/browser/test_html_report.py
	@FRESHCHECK=$(BUILD)/freshcheck tests/flink/test_dashboard.py

.PHONY: screenshots
screenshots: all ## the HTML report in headless Chromium, light and dark, wide and narrow; pictures in build/pictures
	@scripts/install-dependencies browser
	@FRESHCHECK=$(BUILD)/freshcheck tests/browser/test_html_report.py --screenshots

.PHONY: test-proxy
test-proxy: all ## the scenarios through nginx in a good and a bad configuration, with the mock behind; two minutes
	@scripts/install-dependencies test
	@FRESHCHECK=$(BUILD)/freshcheck BUILD=$(BUILD) tests/proxy/test_all.sh

.PHONY: test-configurations
test-configurations: ## what real Flink makes of the configurations in tests/configurations; fetches 2.4 GB of jars when they are not there
	@scripts/install-dependencies flink
	@tests/flink/verify_configurations.py

.PHONY: purity
purity: $(call archives_in_order,$(PURE_ROOMS) harness/flink_config) ## pure rooms reach no clock, socket, file or global state
	@scripts/check-purity $(BUILD)

.PHONY: bench
bench: ## figures of the virtual-time loop, one a line: name value unit
	@$(MAKE) --no-print-directory -s $(JOBS) $(BUILD)/bench/bench $(BUILD)/bench/check_10m
	@$(BUILD)/bench/bench
	@$(BUILD)/bench/check_10m

.PHONY: bench-http
bench-http: ## figures of serve over HTTP beside nginx, one a line: name value unit
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@BUILD=$(BUILD) scripts/bench-http

.PHONY: soak
soak: ## serve under load for longer: 1,000,000 requests, 10,000 jobs, and memory as before
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	    python3 tests/cli/load.py $(BUILD)/freshcheck "$$folder" checked 1000000 10000

.PHONY: kill-record
kill-record: all ## kill -9 of record at 200 random instants: no exchange that had ended is lost
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	    python3 tests/cli/kill_record.py $(BUILD)/freshcheck "$$folder" $(or $(KILLS),200)

.PHONY: bench-recording
bench-recording: ## figures of check on a recording of 520 MB beside jq, one a line: name value unit
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@BUILD=$(BUILD) scripts/bench-recording

.PHONY: oracle
oracle: $(BUILD)/tests/test_oracle ## the judge against a search over a million small histories, property by property
	@$(BUILD)/tests/test_oracle $(or $(HISTORIES),1000000)

.PHONY: seeds
seeds: $(BUILD)/tests/test_seeds ## made-up timelines and clients on every implementation: make seeds SEEDS=100000
	@$(BUILD)/tests/test_seeds $(or $(SEEDS),10000)

.PHONY: museum
museum: $(BUILD)/tests/test_museum $(BUILD)/tests/test_live_museum ## every case of the museum, in virtual time and over HTTP
	@$(BUILD)/tests/test_museum
	@$(BUILD)/tests/test_live_museum all

.PHONY: planted
planted: all ## ten planted defects: each found from nothing within 10 s, made small, and failing again
	@FRESHCHECK=$(BUILD)/freshcheck scripts/planted

.PHONY: predict
predict: $(BUILD)/tests/test_rehearse ## predictions against a simulated day each, of 200 drawn settings and loads: make predict LOADS=1000
	@$(BUILD)/tests/test_rehearse $(or $(LOADS),200)

.PHONY: blind
blind: ## every check of the judge taken out, one at a time: its tests must notice
	@scripts/blind-judge

.PHONY: documents
documents: all ## what the pages show is written anew from what their commands print; then read the difference
	@python3 tests/docs/run_documents.py --update $(BUILD)/freshcheck

.PHONY: coverage
coverage: ## line coverage of the endpoint, the mock and the judge by the unit tests
	@scripts/coverage

.PHONY: fuzz
fuzz: ## every fuzz target for 60 seconds: make fuzz SECONDS_EACH=600 for longer
	@scripts/fuzz $(or $(SECONDS_EACH),60)

.PHONY: format
format: ## format every C file by .clang-format
	@scripts/install-dependencies extra
	@clang-format -i $$(git ls-files '*.c' '*.h')

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' scripts/goals.mk scripts/install.mk | expand -t 14

include scripts/fuzz.mk
include scripts/install.mk
