# Shaders: shaders/NAME.comp of every kernel of the kernel table, and of the Vulkan device's own
# (platform/vulkan/shaders.h), becomes $(B)/generated/shaders/NAME.c
# (words and layout checks; tools/shaders/build.sh says how) and goes into librlsp.a. Included by the Makefile after B
# and CFLAGS_ALL are set.
SHADERS := $(shell sed -n 's/^ *KERNEL(\([a-z0-9_]*\), *[A-Z]*).*/\1/p' engine/kernels/kernel_table.h) \
           $(shell grep -o 'OWN_SHADER([a-z][a-z0-9_]*)' platform/vulkan/shaders.h | sed 's/.*(//; s/)//')
SHADER_DIR := $(B)/generated/shaders
SHADER_SOURCES := $(SHADERS:%=$(SHADER_DIR)/%.c)
SHADER_OBJECTS := $(SHADER_SOURCES:.c=.o)

$(SHADER_DIR)/%.c: shaders/%.comp tools/shaders/build.sh $(wildcard tools/shaders/*.awk)
	$(call say,SHADER)tools/shaders/build.sh $* $(SHADER_DIR)
$(SHADER_DIR)/%.o: $(SHADER_DIR)/%.c
	$(call say,CC)$(CROSS)$(CC) $(CFLAGS_ALL) -MMD -MP -MF $(@:.o=.o.d) -c -o $@ $<
$(B)/librlsp.a: $(SHADER_OBJECTS)

# What AMD's compiler makes of them: run by tools/shaders/amd_table.sh.
$(B)/tools/shaders/amd_table: $(B)/tools/shaders/amd_table.o $(B)/librlsp.a
	$(call say,LINK)$(LINK) -o $@ $^ $(LDLIBS_ALL)
