# rlsp: make help lists the targets. config=release (default) | debug | sanitize; CC=gcc | clang; CROSS=aarch64-linux-gnu-
config ?= release
ARCH := $(shell $(CROSS)$(CC) -dumpmachine | cut -d- -f1)
BUILD_release := build
BUILD_debug := build/debug
BUILD_sanitize := build/sanitize
B ?= $(BUILD_$(config))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wcast-qual -Wundef -Wvla -Werror
OPTIMIZE_release := -O3
OPTIMIZE_debug := -O0
OPTIMIZE_sanitize := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPTIMIZE ?= $(OPTIMIZE_$(config))
# -ffp-contract=off: a fused multiply-add would change the bits (ARCHITECTURE.md, Numerics)
CFLAGS_ALL := -std=c11 -g $(OPTIMIZE) -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread $(WARNINGS) -I. -I$(B)/generated \
              -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L $(CFLAGS)
LDLIBS_ALL := -pthread -linih -ldl $(LDLIBS)
LINK = $(CROSS)$(CC) $(CFLAGS_ALL) $(LDFLAGS)

# The instruction sets every kernel is compiled for; the CPU device picks one at run time, and all give the same bits.
ifeq ($(ARCH),x86_64)
ISAS := baseline avx2 avx512
endif
ISAS ?= baseline
ISA_baseline :=
ISA_avx2 := -mavx2
ISA_avx512 := -mavx512f -mavx512bw -mavx512dq -mavx512vl -mprefer-vector-width=512

ENGINE := $(filter-out engine/kernels/%,$(wildcard engine/*.c engine/*/*.c)) engine/kernels/program.c
KERNELS := $(filter-out engine/kernels/program.c,$(wildcard engine/kernels/*.c))
PLATFORM := $(wildcard platform/*.c platform/*/*.c)
TOOLS := $(wildcard tools/*.c)
TESTS := $(wildcard tests/*_test.c)
TEST_SUPPORT := $(filter-out $(TESTS),$(wildcard tests/*.c))

LIBRARY_OBJECTS := $(ENGINE:%.c=$(B)/%.o) $(PLATFORM:%.c=$(B)/%.o) \
                   $(foreach isa,$(ISAS),$(KERNELS:%.c=$(B)/%.$(isa).o))
TEST_BINARIES := $(TESTS:tests/%.c=$(B)/tests/%)

.PHONY: all tests clean
.SECONDARY:
all: $(B)/rlsp
$(B)/librlsp.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	$(CROSS)ar rcs $@ $^
$(B)/rlsp: $(TOOLS:%.c=$(B)/%.o) $(B)/librlsp.a
	$(LINK) -o $@ $^ $(LDLIBS_ALL)
tests: $(TEST_BINARIES)
$(B)/tests/%: $(B)/tests/%.o $(TEST_SUPPORT:%.c=$(B)/%.o) $(B)/librlsp.a
	$(LINK) -o $@ $^ $(LDLIBS_ALL) -lcmocka -lm

define ISA_RULE
$(B)/%.$(1).o: %.c
	@mkdir -p $$(@D)
	$(CROSS)$(CC) $(CFLAGS_ALL) $(ISA_$(1)) -DKERNEL_ISA=$(1) -MMD -MP -c -o $$@ $$<
endef
$(foreach isa,$(ISAS),$(eval $(call ISA_RULE,$(isa))))
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CROSS)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
include shaders.mk
-include $(shell find $(B) -name '*.d' 2>/dev/null)

clean:
	rm -rf build
