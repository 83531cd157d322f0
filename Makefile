# rlsp: `make help` lists the targets and the settings.
config ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
MACHINE := $(shell $(CROSS)$(CC) -dumpmachine 2>/dev/null)
ARCH := $(firstword $(subst -, ,$(MACHINE)))
BUILD_release := build
BUILD_debug := build/debug
BUILD_sanitize := build/sanitize
BUILD_fuzz := build/fuzz
B ?= $(BUILD_$(config))
prefix ?= /usr/local
V ?= 0

# A plain `make` uses every core; targets that are a row of steps take them in order.
MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
ifneq ($(filter quickstart check check-full fuzz gpu-check lint bench install clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wcast-qual -Wundef -Wvla -Werror
OPTIMIZE_release := -O3
OPTIMIZE_debug := -O0
OPTIMIZE_sanitize := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ifeq ($(findstring clang,$(CC)),) # gcc 13 and 14 put 64-byte vectors on a fake stack that is aligned to 32 (gcc bug 110027)
OPTIMIZE_sanitize += --param=asan-use-after-return=0
endif
# clang alone: what libFuzzer sees the covered code by
OPTIMIZE_fuzz := $(OPTIMIZE_sanitize) -fsanitize=fuzzer-no-link
OPTIMIZE ?= $(OPTIMIZE_$(config))
# -ffp-contract=off: a fused multiply-add would change the bits (ARCHITECTURE.md, Numerics)
CFLAGS_ALL := -std=c11 -g $(OPTIMIZE) -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread $(WARNINGS) -I. -I$(B)/generated \
              -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L $(CFLAGS)
# FLINT's ball arithmetic is a library of its own (Arb) before FLINT 3: engine/reward/math/balls.h.
FLINT := $(shell printf '\043if __has_include(<flint/arb.h>)\n-lflint\n\043else\n-lflint-arb -lflint\n\043endif\n' | $(CROSS)$(CC) -E -P - 2>/dev/null) -lgmp
LDLIBS_ALL := -pthread -linih -lpcre2-8 -ldl $(FLINT) $(LDLIBS)
LINK = $(CROSS)$(CC) $(CFLAGS_ALL) $(LDFLAGS_CROSS) $(LDFLAGS)
ifeq ($(V),0)
say = @printf '  %-6s %s\n' $(1) $@;
endif

# The instruction sets every kernel is compiled for; the CPU device picks one at run time, and all give the same bits.
ifeq ($(ARCH),x86_64)
ISAS := baseline avx2 avx512
endif
ISAS ?= baseline
ISA_baseline :=
ISA_avx2 := -mavx2
ISA_avx512 := -mavx512f -mavx512bw -mavx512dq -mavx512vl -mprefer-vector-width=512

ENGINE := $(filter-out engine/kernels/%,$(wildcard engine/*.c engine/*/*.c engine/*/*/*.c)) engine/kernels/program.c
KERNELS := $(filter-out engine/kernels/program.c,$(wildcard engine/kernels/*.c))
PLATFORM := $(wildcard platform/*.c platform/*/*.c)
TOOLS := $(wildcard tools/*.c)
TESTS := $(wildcard tests/*_test.c)
TEST_SUPPORT := $(filter-out $(TESTS),$(wildcard tests/*.c))

LIBRARY_OBJECTS := $(ENGINE:%.c=$(B)/%.o) $(PLATFORM:%.c=$(B)/%.o) \
                   $(foreach isa,$(ISAS),$(KERNELS:%.c=$(B)/%.$(isa).o))
TEST_BINARIES := $(TESTS:tests/%.c=$(B)/tests/%)

.PHONY: all tests quickstart check check-full fuzz gpu-check lint bench format install help clean force
.SECONDARY:
all: $(B)/rlsp ## build $(B)/rlsp and $(B)/librlsp.a
$(B)/librlsp.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	$(call say,AR)$(CROSS)ar rcs $@ $^
$(B)/rlsp: $(TOOLS:%.c=$(B)/%.o) $(B)/librlsp.a
	$(call say,LINK)$(LINK) -o $@ $^ $(LDLIBS_ALL)
tests: $(TEST_BINARIES) $(B)/tests/fuzz/verifier_fuzz $(B)/tools/shaders/amd_table ## build the test programs
$(B)/tests/%: $(B)/tests/%.o $(TEST_SUPPORT:%.c=$(B)/%.o) $(B)/librlsp.a
	$(call say,LINK)$(LINK) -o $@ $^ $(LDLIBS_ALL) -lcmocka -lm

FUZZ_OBJECTS := $(B)/tests/fuzz/verifier_fuzz.o $(B)/tests/verifier_rig.o
$(B)/tests/fuzz/verifier_fuzz: $(FUZZ_OBJECTS) $(B)/tests/fuzz/driver.o $(B)/tests/verifier_pairs.o $(B)/librlsp.a
	$(call say,LINK)$(LINK) -o $@ $^ $(LDLIBS_ALL)
$(B)/tests/fuzz/verifier_libfuzzer: $(FUZZ_OBJECTS) $(B)/librlsp.a
	$(call say,LINK)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LDLIBS_ALL)

$(B)/peers/verifier_bench: $(B)/tools/peers/verifier_bench.o $(addprefix $(B)/tests/verifier_,bombs.o grader.o pairs.o rig.o rows.o) $(B)/librlsp.a
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -o $@ $^ $(LDLIBS_ALL)

define ISA_RULE
$(B)/%.$(1).o: %.c $(B)/flags
	@mkdir -p $$(@D)
	$$(call say,CC)$(CROSS)$(CC) $(CFLAGS_ALL) $(ISA_$(1)) -DKERNEL_ISA=$(1) -MMD -MP -c -o $$@ $$<
endef
$(foreach isa,$(ISAS),$(eval $(call ISA_RULE,$(isa))))
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
include shaders.mk
-include $(shell find $(addprefix $(B)/,engine platform tools tests generated) -name '*.d' 2>/dev/null)

# Another compiler or other flags in the same folder build everything again.
$(B)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(LINK)' | cmp -s - $@ || printf '%s\n' '$(LINK)' > $@

# CROSS=aarch64-linux-gnu-: Debian's cross compiler brings libc; inih, FLINT and cmocka come into a folder of ours, gmp.h of that machine too.
ifneq ($(CROSS),)
SYSROOT := $(abspath $(B))/sysroot
# An old-style rpath: it holds for the libraries of our libraries too.
LDFLAGS_CROSS := -L$(SYSROOT)/usr/lib/$(MACHINE) -Wl,--disable-new-dtags,-rpath,$(SYSROOT)/usr/lib/$(MACHINE)
CFLAGS_ALL += -idirafter $(SYSROOT)/usr/include/$(MACHINE)
$(LIBRARY_OBJECTS) $(B)/rlsp $(TEST_BINARIES): | $(SYSROOT)/done
$(SYSROOT)/done:
	tools/cross_sysroot.sh $(subst aarch64,arm64,$(ARCH)) $(SYSROOT)
endif

quickstart: ## install what building needs, build, train the quickstart into runs/quickstart (minutes), show what it learnt
	tools/install_deps.sh build
	$(MAKE) all
	$(B)/rlsp train configs/countdown.ini run.dir=runs/quickstart

check: ## the tests: gcc, one Vulkan driver, sanitizers, whole runs (under 15 minutes on 2 cores)
	tools/install_deps.sh build check
	$(MAKE) all tests
	$(MAKE) config=sanitize B=$(B)/sanitize all tests
	tests/check.sh $(B)

check-full: ## every compiler, width, driver, sanitizer and kill (under 90 minutes on 2 cores)
	tools/install_deps.sh build check lint full
	tests/check_full.sh $(B)

FUZZER ?= ours
FUZZ_SECONDS ?= 60
FUZZ_SEED ?= 1
fuzz: ## the verifier's fuzz target under sanitizers: FUZZ_SECONDS=60 FUZZ_SEED=1; FUZZER=libfuzzer takes clang's
ifeq ($(FUZZER),libfuzzer)
	$(MAKE) CC=clang config=fuzz B=$(B)/fuzz $(B)/fuzz/tests/fuzz/verifier_libfuzzer
	tests/fuzz/seeds.sh $(B)/fuzz/corpus
	$(B)/fuzz/tests/fuzz/verifier_libfuzzer -seed=$(FUZZ_SEED) -max_total_time=$(FUZZ_SECONDS) -max_len=2048 -only_ascii=0 $(B)/fuzz/corpus
else
	$(MAKE) config=sanitize B=$(B)/sanitize $(B)/sanitize/tests/fuzz/verifier_fuzz
	$(B)/sanitize/tests/fuzz/verifier_fuzz -s $(FUZZ_SECONDS) -r $(FUZZ_SEED)
endif

gpu-check: all tests ## pack $(B)/gpu-check.tar.gz: unpacked on a machine with a GPU, its tools/gpu_check.sh says all
	tools/gpu_bundle.sh $(B)

lint: ## warnings of both compilers, rules of the house, scripts, man page
	tools/install_deps.sh build check lint
	$(MAKE) CC=gcc all tests
	$(MAKE) CC=clang B=$(B)/clang all tests
	tests/run.sh 'tools/lint.sh $(B)'

bench: all ## speed of the kernels, SFT, decoding and PPO on this machine
	$(B)/rlsp bench configs/countdown.ini

format: ## lay the C files out by .clang-format
	tools/format.sh

install: all ## copy rlsp, its man page and its configs to $(DESTDIR)$(prefix)
	install -d $(DESTDIR)$(prefix)/bin $(DESTDIR)$(prefix)/share/man/man1 $(DESTDIR)$(prefix)/share/rlsp/configs
	install $(B)/rlsp $(DESTDIR)$(prefix)/bin
	install -m 644 docs/rlsp.1 $(DESTDIR)$(prefix)/share/man/man1
	install -m 644 configs/*.ini $(DESTDIR)$(prefix)/share/rlsp/configs

help: ## this list
	@echo 'make TARGET [SETTING=VALUE ...]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo 'Settings: config=release|debug|sanitize  CC=gcc|clang  CROSS=aarch64-linux-gnu-  B=FOLDER  OPTIMIZE=-O2  CFLAGS=  V=1'
	@echo '          prefix=/usr/local  DESTDIR='

clean: ## remove what was built
	rm -rf build
