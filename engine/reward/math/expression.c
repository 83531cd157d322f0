#include "engine/reward/math/expression.h"

#include <string.h>

static const char *const kind_names[EXPRESSION_KINDS] = {
#define EXPRESSION(name, text, children) text,
    EXPRESSION_TABLE(EXPRESSION)
#undef EXPRESSION
};

void expression_place(struct expression_pool *pool, struct arena *host) {
  pool->nodes = arena_take_pointer(host, "verifier.nodes", DTYPE_U32, VERIFIER_NODES_MAX,
                                   sizeof(struct expression) / sizeof(u32), 0, 0);
  pool->children = arena_take_pointer(host, "verifier.children", DTYPE_U32, VERIFIER_CHILDREN_MAX, 0, 0, 0);
  pool->text = arena_take_pointer(host, "verifier.text", DTYPE_U8, VERIFIER_TEXT_MAX, 0, 0, 0);
  expression_reset(pool);
}

void expression_reset(struct expression_pool *pool) {
  pool->node_count = 0;
  pool->child_count = 0;
  pool->text_count = 0;
  pool->full = false;
}

static u32 add(struct expression_pool *pool, struct expression node, const u32 *children, const char *text) {
  node.depth = 1;
  for (u32 i = 0; i < node.count; i++) {
    if (children[i] == EXPRESSION_NONE) return EXPRESSION_NONE;
    if (node.depth <= pool->nodes[children[i]].depth) node.depth = pool->nodes[children[i]].depth + 1;
  }
  if (node.depth > EXPRESSION_DEPTH_MAX || pool->node_count == VERIFIER_NODES_MAX ||
      VERIFIER_CHILDREN_MAX - pool->child_count < node.count || VERIFIER_TEXT_MAX - pool->text_count < node.text_size) {
    pool->full = true;
    return EXPRESSION_NONE;
  }
  node.first = pool->child_count;
  node.text = pool->text_count;
  /* memmove: both may be parts of the pool itself, of a node that is made over. */
  if (node.count > 0 && children != NULL) memmove(pool->children + node.first, children, node.count * sizeof *children);
  if (node.text_size > 0 && text != NULL) memmove(pool->text + node.text, text, node.text_size);
  pool->child_count += node.count;
  pool->text_count += node.text_size;
  pool->nodes[pool->node_count] = node;
  return pool->node_count++;
}

u32 expression_leaf(struct expression_pool *pool, enum expression_kind kind, u32 value, const char *text, u32 text_size,
                    u32 place) {
  return add(pool, (struct expression){.kind = (u16)kind, .value = value, .text_size = text_size, .place = place}, NULL,
             text);
}

u32 expression_number(struct expression_pool *pool, const char *digits, u32 digit_count, u32 scale, u32 repeating,
                      u16 base, u32 place) {
  const struct expression node = {.kind = EXPRESSION_NUMBER,
                                  .base = base,
                                  .text_size = digit_count,
                                  .scale = scale,
                                  .repeating = repeating,
                                  .place = place};
  return add(pool, node, NULL, digits);
}

u32 expression_node(struct expression_pool *pool, enum expression_kind kind, u32 value, const u32 *children, u32 count,
                    u32 place) {
  return add(pool, (struct expression){.kind = (u16)kind, .value = value, .count = count, .place = place}, children,
             NULL);
}

u32 expression_named(struct expression_pool *pool, enum expression_kind kind, u32 value, const u32 *children, u32 count,
                     const char *text, u32 text_size, u32 place) {
  const struct expression node = {
      .kind = (u16)kind, .value = value, .count = count, .text_size = text_size, .place = place};
  return add(pool, node, children, text);
}

static int order_words(u64 a, u64 b) { return a < b ? -1 : a > b; }

/* Everything of two nodes but their children. */
static int order_heads(const struct expression_pool *a_pool, const struct expression *a,
                       const struct expression_pool *b_pool, const struct expression *b) {
  int order = order_words(a->kind, b->kind);
  if (order == 0) order = order_words(a->count, b->count);
  if (order == 0) order = order_words(a->value, b->value);
  if (order == 0) order = order_words(a->base, b->base);
  if (order == 0) order = order_words(a->scale, b->scale);
  if (order == 0) order = order_words(a->repeating, b->repeating);
  /* Shorter digits first: integers in normal form stand in the order of their sizes. */
  if (order == 0) order = order_words(a->text_size, b->text_size);
  if (order == 0 && a->text_size > 0) {
    const int bytes = memcmp(a_pool->text + a->text, b_pool->text + b->text, a->text_size);
    order = (bytes > 0) - (bytes < 0);
  }
  return order;
}

/* Walks go down without recursion. */
struct pair {
  u32 a, b, next; /* next child to look at */
};

int expression_order(const struct expression_pool *a_pool, u32 a, const struct expression_pool *b_pool, u32 b) {
  struct pair stack[EXPRESSION_DEPTH_MAX];
  u32 depth = 0;
  if (a == EXPRESSION_NONE || b == EXPRESSION_NONE) return order_words(a == EXPRESSION_NONE, b == EXPRESSION_NONE);
  int order = order_heads(a_pool, &a_pool->nodes[a], b_pool, &b_pool->nodes[b]);
  if (order != 0) return order;
  stack[depth++] = (struct pair){a, b, 0};
  while (depth > 0) {
    struct pair *top = &stack[depth - 1];
    if (top->next == a_pool->nodes[top->a].count) {
      depth--;
      continue;
    }
    const u32 a_child = expression_child(a_pool, top->a, top->next),
              b_child = expression_child(b_pool, top->b, top->next);
    top->next++;
    order = order_heads(a_pool, &a_pool->nodes[a_child], b_pool, &b_pool->nodes[b_child]);
    if (order != 0) return order;
    stack[depth++] = (struct pair){a_child, b_child, 0};
  }
  return 0;
}

/* ---- print ---- */

struct writer {
  char *text;
  u32 size, wanted;
};

static void put(struct writer *writer, const char *text, u32 size) {
  for (u32 i = 0; i < size; i++) {
    if (writer->wanted + 1 < writer->size) writer->text[writer->wanted] = text[i];
    writer->wanted++;
  }
}

static void put_number(struct writer *writer, const struct expression_pool *pool, const struct expression *node) {
  const char *digits = (const char *)pool->text + node->text;
  const u32 whole = node->text_size - node->scale;
  put(writer, digits, whole);
  if (node->scale > 0) {
    put(writer, ".", 1);
    put(writer, digits + whole, node->scale - node->repeating);
    if (node->repeating > 0) {
      put(writer, "[", 1);
      put(writer, digits + node->text_size - node->repeating, node->repeating);
      put(writer, "]", 1);
    }
  }
  if (node->base != 10) {
    const char base[2] = {(char)('0' + node->base / 10), (char)('0' + node->base % 10)};
    put(writer, "_", 1);
    put(writer, node->base < 10 ? base + 1 : base, node->base < 10 ? 1 : 2);
  }
}

static const char *const function_names[FUNCTIONS] = {
#define FUNCTION_NAME(name, text, least, most) text,
    EXPRESSION_FUNCTION_TABLE(FUNCTION_NAME)
#undef FUNCTION_NAME
};
static const char *const constant_names[] = {"pi",       "e",        "i",         "infinity", "emptyset",
                                             "naturals", "integers", "rationals", "reals",    "complexes",
                                             "true",     "false",    "undefined"};
static const char *const relation_names[] = {
    "=", "!=", "<", "<=", ">", ">=", "approx", "congruent", "in", "notin", "subset"};
static const char *const ends_names[] = {"()", "[)", "(]", "[]"};

static void put_name(struct writer *writer, const char *name) { put(writer, name, (u32)strlen(name)); }

/* What tells a node of its kind from another, before the children. */
static void put_head(struct writer *writer, const struct expression_pool *pool, const struct expression *node) {
  if (node->kind == EXPRESSION_FUNCTION) {
    put_name(writer, function_names[node->value]);
  } else if (node->kind == EXPRESSION_CONSTANT) {
    put_name(writer, constant_names[node->value]);
  } else if (node->kind == EXPRESSION_RELATION) {
    put_name(writer, relation_names[node->value]);
  } else {
    put_name(writer, kind_names[node->kind]);
  }
  if (node->kind == EXPRESSION_INTERVAL) put_name(writer, ends_names[node->value]);
  if (node->kind == EXPRESSION_CHOICE) put(writer, (const char[]){' ', (char)node->value}, 2);
  if (node->kind == EXPRESSION_MATRIX || node->kind == EXPRESSION_TIME || node->kind == EXPRESSION_DATE ||
      (node->kind == EXPRESSION_PLUS_MINUS && node->value != 0)) {
    char digits[12];
    u32 at = sizeof digits;
    u32 value = node->value;
    do {
      digits[--at] = (char)('0' + value % 10);
      value /= 10;
    } while (value > 0);
    put(writer, " ", 1);
    put(writer, digits + at, (u32)sizeof digits - at);
  }
  if (node->text_size > 0) {
    put(writer, " '", 2);
    put(writer, (const char *)pool->text + node->text, node->text_size);
    put(writer, "'", 1);
  }
}

/* Leaves stand bare where they have a spelling of their own; returns false for a node with brackets. */
static bool put_bare(struct writer *writer, const struct expression_pool *pool, const struct expression *node) {
  switch (node->kind) {
    case EXPRESSION_NUMBER:
      put_number(writer, pool, node);
      return true;
    case EXPRESSION_VARIABLE:
      put(writer, (const char *)pool->text + node->text, node->text_size);
      return true;
    case EXPRESSION_CONSTANT:
      put_name(writer, constant_names[node->value]);
      return true;
    default:
      return false;
  }
}

u32 expression_print(const struct expression_pool *pool, u32 node, char *text, u32 size) {
  struct writer writer = {.text = text, .size = size};
  struct pair stack[EXPRESSION_DEPTH_MAX];
  u32 depth = 0;
  if (node == EXPRESSION_NONE) {
    put_name(&writer, "none");
  } else if (!put_bare(&writer, pool, &pool->nodes[node])) {
    put(&writer, "(", 1);
    put_head(&writer, pool, &pool->nodes[node]);
    stack[depth++] = (struct pair){node, 0, 0};
  }
  while (depth > 0) {
    struct pair *top = &stack[depth - 1];
    if (top->next == pool->nodes[top->a].count) {
      put(&writer, ")", 1);
      depth--;
      continue;
    }
    const u32 child = expression_child(pool, top->a, top->next++);
    put(&writer, " ", 1);
    if (put_bare(&writer, pool, &pool->nodes[child])) continue;
    put(&writer, "(", 1);
    put_head(&writer, pool, &pool->nodes[child]);
    stack[depth++] = (struct pair){child, 0, 0};
  }
  if (size > 0) text[writer.wanted < size ? writer.wanted : size - 1] = 0;
  return writer.wanted;
}
