# Fuzz targets, tests/fuzz/fuzz_*.c: built with FLAVOUR=fuzz only, by scripts/fuzz.
# A target's first line names the rooms that it links, as a unit test's does: /* rooms: base */
# Without such a line it links all of them.

FUZZ_NAMES   := $(patsubst tests/fuzz/%.c,%,$(call sources,tests/fuzz))
FUZZ_TARGETS := $(addprefix $(BUILD)/tests/fuzz/,$(FUZZ_NAMES))
fuzz_rooms = $(or $(filter $(call test_rooms,fuzz/$1),$(ROOMS_TOP_DOWN)),$(ROOMS_TOP_DOWN))

define fuzz_rules
$(BUILD)/tests/fuzz/$1: $(BUILD)/tests/fuzz/$1.o $(call archives_in_order,$(call fuzz_rooms,$1))
	$$(CC) $$(REAL_LDFLAGS) -fsanitize=fuzzer -o $$@ $$^ \
	    $$$$(pkg-config --libs jansson $$(sort $(foreach room,$(call fuzz_rooms,$1),$(PACKAGES_$(room))))) -lm
endef
$(foreach name,$(FUZZ_NAMES),$(eval $(call fuzz_rules,$(name))))

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_TARGETS)
