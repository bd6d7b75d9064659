# make run    the scenarios on five implementations, then the bundled recordings
# make test   everything that must hold: gcc, clang, and gcc with ASan and UBSan
# The rest: make help

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS   += --no-builtin-rules

VERSION := 0.1.0
FLAVOUR ?= gcc
BUILD   ?= build/$(FLAVOUR)

# Compiler and flags of each flavour. What the caller puts into CFLAGS and LDFLAGS is appended.
CC_gcc      := gcc
CC_clang    := clang
CC_asan     := gcc
CC_coverage := gcc
CC_fuzz     := clang
# Calls between rooms are what is left of the cost of a cached read: the program is optimised as a
# whole. Objects hold plain code too, for the unit tests, which need no such link.
FLAGS_gcc      := -O2 -flto -ffat-lto-objects
FLAGS_clang    := -O2
FLAGS_asan     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_coverage := -O0 --coverage
FLAGS_fuzz     := -O1 -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all

override CC := $(CC_$(FLAVOUR))
# As much inlining as at -O3, whose other passes gain nothing here and raise false warnings.
FLAGS_gcc  += --param max-inline-insns-auto=30 --param inline-min-speedup=15 --param early-inlining-insns=14
# On x86-64 gcc clears and copies structs by string instructions, which take longer to get going than
# such a struct takes by plain moves: an eighth of the time of an exploration. Elsewhere it has no
# such options, and no need of them.
ifeq ($(FLAVOUR),gcc)
STRUCTS    := vector_loop:512:noalign,libcall:-1:noalign
STRUCTS    := -mmemset-strategy=$(STRUCTS) -mmemcpy-strategy=$(STRUCTS)
FLAGS_gcc  += $(shell $(CC) $(STRUCTS) -x c -c -o /dev/null /dev/null 2>/dev/null && echo '$(STRUCTS)')
endif
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wpointer-arith -Wstrict-prototypes \
            -Wmissing-prototypes -Wold-style-definition -Wvla -Wundef -Wwrite-strings \
            -Wformat=2 -Wno-format-nonliteral -Wswitch-enum -Wcast-qual
WARNINGS_gcc := -Wlogical-op -Wduplicated-cond -Wduplicated-branches
REAL_CFLAGS = -std=c11 -D_GNU_SOURCE -DFRESHCHECK_VERSION='"$(VERSION)"' -g -I. -Iinclude $(WARNINGS) \
              $(WARNINGS_$(FLAVOUR)) $(FLAGS_$(FLAVOUR)) $(CFLAGS)
REAL_LDFLAGS = $(FLAGS_$(FLAVOUR)) $(LINK_$(FLAVOUR)) $(LDFLAGS)
LINK_gcc := -flto=auto

# Rooms, each an archive of its own. A room is a folder; what it may look at is in docs/rooms.md.
PURE_ROOMS := base gateway rest_endpoint mock_jobmanager harness/judge harness/client_models harness/advice
ROOMS      := $(PURE_ROOMS) harness/flink_config harness/scenario harness/implementations harness/shared_object harness/cluster \
              harness/clients harness/observer harness/virtual_time harness/rehearsal harness/explore harness/trial harness/recording harness/conform harness/replay harness/control harness/live harness/site harness/target reports \
              harness/parts harness/command_line

# Rooms that reach an outside library; nobody else may include its headers.
PACKAGES_harness/scenario  := libfyaml
PACKAGES_harness/flink_config := libfyaml
PACKAGES_harness/recording := jansson
PACKAGES_harness/conform   := jansson
PACKAGES_harness/replay    := jansson
PACKAGES_harness/control   := jansson
PACKAGES_harness/parts     := jansson
PACKAGES_harness/live      := libmicrohttpd libcurl
PACKAGES_harness/site      := libzip
PACKAGES_tests             := cmocka jansson
packages_cflags = $(if $(strip $1),$$(pkg-config --cflags $1))
# Not libcurl: see harness/live/late_curl.h.
ALL_PACKAGES := libfyaml jansson libmicrohttpd libzip

sources = $(sort $(wildcard $1/*.c))
objects = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$1))
archive = $(BUILD)/lib$(subst /,_,$1).a
# Archives of some rooms in an order in which each may look at those after it.
archives_in_order = $(foreach room,$1,$(call archive,$(room)))
ROOMS_TOP_DOWN := harness/command_line harness/parts reports harness/target harness/site harness/live harness/replay harness/rehearsal harness/trial harness/explore harness/virtual_time harness/observer harness/control harness/cluster \
                  harness/clients harness/shared_object harness/implementations harness/scenario harness/conform harness/recording harness/advice \
                  harness/flink_config harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base

MAIN := $(BUILD)/harness/command_line/main.o
UNIT_TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(call sources,tests))
SUPPORT := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))

.PHONY: all
all: $(BUILD)/freshcheck

$(BUILD)/freshcheck: $(MAIN) $(call archives_in_order,$(ROOMS_TOP_DOWN))
	$(CC) $(REAL_LDFLAGS) -o $@ $^ $$(pkg-config --libs $(ALL_PACKAGES)) -lm

define room_rules
$(call archive,$1): $(filter-out $(MAIN),$(call objects,$1))
	@rm -f $$@
	ar rcs $$@ $$^
$(call objects,$1): PACKAGES := $(PACKAGES_$1)
endef
# A library of the tests, named in their first line like a room.
TEST_ROOMS := tests/oracle
$(foreach room,$(ROOMS) $(TEST_ROOMS),$(eval $(call room_rules,$(room))))

# The list of differences that are meant goes into the program, which needs no file beside it.
$(BUILD)/harness/conform/deliberate-differences.inc: harness/conform/deliberate-differences.txt
	@mkdir -p $(@D)
	sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $< > $@
$(BUILD)/harness/conform/bundled.o: $(BUILD)/harness/conform/deliberate-differences.inc
$(BUILD)/harness/conform/bundled.o: override CFLAGS += -I$(BUILD)

# Likewise the names of Flink's options.
$(BUILD)/harness/flink_config/options.inc: harness/flink_config/options.txt
	@mkdir -p $(@D)
	sed 's/\(.*\) \(.*\) \(.*\)/{"\1", "\2", "\3"},/' $< > $@
$(BUILD)/harness/flink_config/known_options.o: $(BUILD)/harness/flink_config/options.inc
$(BUILD)/harness/flink_config/known_options.o: override CFLAGS += -I$(BUILD)

# And the style and the script of the HTML report.
$(BUILD)/reports/html/%.inc: reports/html/%
	@mkdir -p $(@D)
	sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $< > $@
$(BUILD)/reports/html.o: $(BUILD)/reports/html/style.css.inc $(BUILD)/reports/html/script.js.inc
$(BUILD)/reports/html.o: override CFLAGS += -I$(BUILD)

$(BUILD)/tests/%.o: PACKAGES := $(PACKAGES_tests)
$(BUILD)/%.o: %.c Makefile | prerequisites
	@mkdir -p $(@D)
	$(CC) $(REAL_CFLAGS) $(call packages_cflags,$(PACKAGES)) -MMD -MP -c -o $@ $<

# A unit test's first line names the rooms that it links: /* rooms: gateway base */
# Allocation goes through tests/support, so that a test can make any one of them fail.
WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
# All are read at once, test_endpoint:gateway:base, for a process each would be most of make's own time.
TEST_ROOM_LISTS := $(shell cd tests && awk 'FNR == 1 && sub(/^\/\* rooms: /, "") && sub(/ \*\/$$/, "") { \
    gsub(/ +/, ":"); print substr(FILENAME, 1, length(FILENAME) - 2) ":" $$0 }' *.c)
test_rooms = $(subst :, ,$(patsubst $1:%,%,$(filter $1:%,$(TEST_ROOM_LISTS))))
define test_rules
$(BUILD)/tests/$1: $(BUILD)/tests/$1.o $(SUPPORT) \
    $(call archives_in_order,$(filter $(call test_rooms,$1),$(TEST_ROOMS) $(ROOMS_TOP_DOWN)))
	$$(CC) $$(REAL_LDFLAGS) -fno-lto $$(WRAP) -o $$@ $$^ \
	    $$$$(pkg-config --libs cmocka jansson $$(sort $(foreach room,$(call test_rooms,$1),$(PACKAGES_$(room))))) -lm
endef
$(foreach test,$(patsubst tests/%.c,%,$(call sources,tests)),$(eval $(call test_rules,$(test))))

# Shared objects for --implementation: each of one file, which may name packages in a first line
# "/* packages: tokyocabinet */". They know nothing of the rooms, only the public header.
OBJECT_FOLDERS := examples tests/shared_objects
SHARED_OBJECTS := $(foreach folder,$(OBJECT_FOLDERS),\
                    $(patsubst %.c,$(BUILD)/%.so,$(call sources,$(folder))))
object_packages = $$(sed -n '1s|^/\* packages: \(.*\) \*/$$|\1|p' $1)
$(SHARED_OBJECTS): $(BUILD)/%.so: %.c Makefile | test-prerequisites
	@mkdir -p $(@D)
	packages="$(call object_packages,$<)"; $(CC) -std=c11 -D_GNU_SOURCE -O2 -g $(WARNINGS) \
	    -MMD -MP -shared -fPIC -Iinclude $${packages:+$$(pkg-config --cflags $$packages)} -o $@ $< \
	    $${packages:+$$(pkg-config --libs $$packages)}

$(BUILD)/tests/test_shared_object: | $(SHARED_OBJECTS)

$(BUILD)/bench/check_10m: $(BUILD)/bench/check_10m.o \
    $(call archives_in_order,harness/judge gateway base)
	$(CC) $(REAL_LDFLAGS) -o $@ $^ -lm

$(BUILD)/bench/bench: $(BUILD)/bench/bench.o $(call archives_in_order,$(ROOMS_TOP_DOWN))
	$(CC) $(REAL_LDFLAGS) -o $@ $^ $$(pkg-config --libs $(ALL_PACKAGES)) -lm

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

include scripts/goals.mk
