#include <string.h>

#include "engine/reward/math/compare.h"

#include "engine/reward/math/compare_parts.h"

/* What a node is to a reader who compares answers. */
enum shape { SCALAR, WORDS, CHOICE, TIME, DATE, TRUTH, TUPLE, RATIO, LIST, SET, REALS, MATRIX, STATEMENT };

/* ---- conventions: how two shapes are compared; what is not listed is UNDECIDED ----
 *
 * SCALAR     Marks: 45 degrees, 28%, $5, 3 cm against 45, 28, 5, 3 are right: who leaves a mark out has still said the quantity (the peers and MATH's golds
 *            do it both ways). A percentage is also right against its value: 28% is 0.28; but 28 is not 0.28. Degrees against radians alike. With
 *            options.units a unit counts. Two units: by an exact table (100 cm is 1 m); unknown words: undecided.
 * comma      2,74 against 2.74 is right: a list of two would be wrong anyway. (1,234 is the reader's: a thousand.) 1, 234 against 1234 is undecided: a list,
 *            or the thousand, which is set in print no otherwise.
 * letters    5 m against 5 is undecided: five metres, or a factor m. Against 5\text{ m} it is a quantity (compare_letters.c).
 * base       204_5 is 54. Against 204 it is undecided: the base is left out, but then the number is another one.
 * name       x = 5, f(x) = 2x, (p, q) = (3, 2), x in S, a/b = 1/2 against 5, 2x, (3, 2), S, 1/2 are right: the name only says what the question asked.
 *            Not so a + 3z = 0 or 2x = 1: what stands left is no name. Two different names: undecided where the values are equal.
 * chain      x = 1/3 = 2/6 and 2 + 3 = 5 stand for their value if all of it agrees, 1/3 ~ 0.33 for what is exact if the rest rounds it; x ~ 11
 *            for 11, but it is never wrong. Where they do not agree nothing is said.
 * TUPLE      (a, b) is a point, and against an interval or an inequality the open interval. Order counts. Against 1, 3 without brackets it is right
 *            in the order of writing (brackets are left out as often as marks are), undecided in another.
 *            P(1, 2) is a point with its name (compare_named.c), and f(1, 2) is none; 3i + 4j in unit vectors is (3, 4).
 * MATRIX     by entries; a column or a row against the tuple of the same entries is right: both are that vector.
 * LIST       order does not count, repetition does (a double root), but not of points: a list of points is a set of solutions. Against a SET
 *            nothing counts but the elements. x = 1, y = 2 against 1, 2 or (1, 2): order of writing.
 * SET        {5} against 5 is right: the set of solutions with one in it. Of a point or a matrix undecided.
 * REALS      intervals, unions and inequalities of one variable as sets of reals; x >= 5 against [5, oo) is right, the name says nothing. 1 < |x| < 2 is
 *            read over the reals.
 *            Statements are about reals: n > 4 is not n >= 5; but against listed values undecided, since n may be an integer.
 * STATEMENT  equations: the same up to a factor that is no 0; inequalities: up to a positive one.
 * WORDS      equal letters (folded by the reader, an article aside) are right, one within the other undecided, all else wrong; against mathematics
 *            undecided, but one letter against the variable of that letter.
 * CHOICE     (C) against a bare C or c is right. Against anything else undecided: what stands behind the letter is not known here.
 *            (C) 5 is right against that letter and against that value; against (C) 6 and (D) 5 undecided.
 * TIME       5:00 against 5:00 pm is right as a mark left out; am against pm is wrong.
 * shapes     A number is no point, no matrix, no list of two and no truth: DIFFERENT_SHAPES is wrong, where the number has no variables (a letter
 *            may stand for anything). */

typedef struct finding comparer(struct comparison *comparison, struct part a, struct part b);
static comparer different, scalar_with_vector, truth_with_set, scalar_with_set, list_with_set, matrices,
    tuple_with_matrix, tuples_with_reals, lists_with_reals, sets_with_reals, set_with_matrix;

static const struct {
  enum shape a, b;
  comparer *compare; /* called with a node of shape a first */
} conventions[] = {
    {SCALAR, SCALAR, compare_scalars},
    {SCALAR, WORDS, compare_words_with_scalar},
    {SCALAR, CHOICE, compare_choice_with_scalar},
    {SCALAR, TRUTH, different},
    {SCALAR, TUPLE, scalar_with_vector},
    {SCALAR, LIST, compare_one_with_many},
    {SCALAR, SET, scalar_with_set},
    {SCALAR, REALS, compare_reals},
    {SCALAR, MATRIX, scalar_with_vector},
    {SCALAR, STATEMENT, compare_statements},
    {WORDS, WORDS, compare_words},
    {CHOICE, CHOICE, compare_choices},
    {TIME, TIME, compare_times},
    {DATE, DATE, compare_dates},
    {TRUTH, TRUTH, compare_truths},
    {TRUTH, TUPLE, different},
    {TRUTH, LIST, different},
    {TRUTH, SET, truth_with_set},
    {TRUTH, REALS, different},
    {TRUTH, MATRIX, different},
    {TUPLE, TUPLE, compare_in_order},
    {RATIO, RATIO, compare_in_order},
    {LIST, TUPLE, compare_list_with_tuple},
    {TUPLE, REALS, tuples_with_reals},
    {TUPLE, MATRIX, tuple_with_matrix},
    {TUPLE, STATEMENT, compare_statements},
    {LIST, LIST, compare_lists},
    {LIST, SET, list_with_set},
    {LIST, REALS, lists_with_reals},
    {LIST, MATRIX, different},
    {LIST, STATEMENT, compare_statements},
    {SET, SET, compare_sets},
    {SET, REALS, sets_with_reals},
    {SET, MATRIX, set_with_matrix},
    {SET, STATEMENT, compare_statements},
    {REALS, REALS, compare_reals},
    {REALS, STATEMENT, compare_reals},
    {MATRIX, MATRIX, matrices},
    {STATEMENT, STATEMENT, compare_statements},
};

static enum shape shape_of(struct part part) {
  const struct expression *at = part_at(part);
  switch (at->kind) {
    case EXPRESSION_TEXT:
      return WORDS;
    case EXPRESSION_CHOICE:
      return CHOICE;
    case EXPRESSION_TIME:
      return TIME;
    case EXPRESSION_DATE:
      return DATE;
    case EXPRESSION_TUPLE:
      return TUPLE;
    case EXPRESSION_CALL:
      return at->text_size == 5 && memcmp(part.pool->text + at->text, "ratio", 5) == 0 ? RATIO : SCALAR;
    case EXPRESSION_LIST:
      return LIST;
    case EXPRESSION_SET:
      return SET;
    case EXPRESSION_MATRIX:
      return MATRIX;
    case EXPRESSION_INTERVAL:
    case EXPRESSION_UNION:
    case EXPRESSION_INTERSECTION:
    case EXPRESSION_DIFFERENCE:
      return REALS;
    case EXPRESSION_RELATION:
    case EXPRESSION_CHAIN:
    case EXPRESSION_AND:
    case EXPRESSION_OR:
    case EXPRESSION_NOT:
      return STATEMENT;
    case EXPRESSION_CONSTANT:
      if (at->value <= CONSTANT_INFINITY) return SCALAR;
      if (at->value == CONSTANT_EMPTY_SET) return SET;
      return at->value <= CONSTANT_COMPLEXES ? REALS : TRUTH;
    default:
      return SCALAR;
  }
}

/* ---- findings ---- */

static u32 weight(enum verifier_reason reason) {
  return reason == REASON_WITHIN_TOLERANCE ? 2 : reason == REASON_EQUAL_VALUES ? 1 : 0;
}

struct finding both_found(struct finding a, struct finding b) {
  if (a.decision == DECISION_WRONG || b.decision == DECISION_WRONG) return a.decision == DECISION_WRONG ? a : b;
  if (a.decision != b.decision) return a.decision == DECISION_UNDECIDED ? a : b;
  return weight(b.reason) > weight(a.reason) ? b : a;
}

struct finding either_found(struct finding a, struct finding b) {
  if (a.decision == DECISION_RIGHT || b.decision == DECISION_RIGHT) return a.decision == DECISION_RIGHT ? a : b;
  if (a.decision != b.decision) return a.decision == DECISION_UNDECIDED ? a : b;
  return a;
}

bool part_is_constant(struct part part, u32 constant) {
  return part_at(part)->kind == EXPRESSION_CONSTANT && part_at(part)->value == constant;
}

/* A walk down from the node: children's numbers are below it, so one pass over marks is enough. */
bool part_varies(struct part part) {
  bool reached[VERIFIER_NODES_MAX];
  u32 least = part.node;
  for (u32 i = 0; i < part.node; i++) reached[i] = false;
  reached[part.node] = true;
  for (u32 node = part.node + 1; node > least; node--) {
    if (!reached[node - 1]) continue;
    const struct expression *at = expression_at(part.pool, node - 1);
    if (at->kind == EXPRESSION_VARIABLE || at->kind == EXPRESSION_CALL) return true;
    for (u32 i = 0; i < at->count; i++) {
      const u32 child = expression_child(part.pool, node - 1, i);
      reached[child] = true;
      if (child < least) least = child;
    }
  }
  return false;
}

/* ---- shapes ---- */

/* A scalar that may stand for something else: a letter, infinity, a matrix to a power, what has no value. */
static bool is_open(struct comparison *comparison, struct part part) {
  if (shape_of(part) != SCALAR) return false;
  for (u32 i = 0; i < part_at(part)->count; i++) {
    if (shape_of(part_child(part, i)) != SCALAR) return true;
  }
  return comparison->as_read || part_is_constant(part, CONSTANT_INFINITY) || part_varies(part);
}

static struct finding different(struct comparison *comparison, struct part a, struct part b) {
  const bool one_entry = (part_is(a, EXPRESSION_MATRIX) && part_at(a)->count == 1) ||
                         (part_is(b, EXPRESSION_MATRIX) && part_at(b)->count == 1);
  const bool open = one_entry || is_open(comparison, a) || is_open(comparison, b);
  return found(open ? DECISION_UNDECIDED : DECISION_WRONG, REASON_DIFFERENT_SHAPES);
}

/* 3i + 4j against (3, 4) */
static struct finding scalar_with_vector(struct comparison *comparison, struct part scalar, struct part vector) {
  const bool row = part_is(vector, EXPRESSION_MATRIX) && part_at(vector)->value != 1;
  const struct part entries = part_in_entries(comparison, scalar, part_at(vector)->count);
  if (row || entries.node == EXPRESSION_NONE) return different(comparison, scalar, vector);
  return compare_in_order(comparison, entries, vector);
}

/* "Does not exist" and "no solution" can mean the same. */
static struct finding truth_with_set(struct comparison *comparison, struct part truth, struct part set) {
  if (part_is_constant(truth, CONSTANT_UNDEFINED) && part_is_constant(set, CONSTANT_EMPTY_SET)) {
    return found(DECISION_UNDECIDED, REASON_DIFFERENT_SHAPES);
  }
  return different(comparison, truth, set);
}

static struct finding scalar_with_set(struct comparison *comparison, struct part scalar, struct part set) {
  if (part_at(set)->count == 0) return different(comparison, scalar, set);
  return compare_one_with_many(comparison, scalar, set);
}

static struct finding list_with_set(struct comparison *comparison, struct part list, struct part set) {
  return compare_sets(comparison, list, set);
}

static struct finding set_with_matrix(struct comparison *comparison, struct part set, struct part matrix) {
  if (part_at(set)->count != 1) return different(comparison, set, matrix);
  const struct finding inside = compare_nodes(comparison, part_child(set, 0), matrix);
  return found(inside.decision == DECISION_WRONG ? DECISION_WRONG : DECISION_UNDECIDED, REASON_DIFFERENT_SHAPES);
}

static struct finding matrices(struct comparison *comparison, struct part a, struct part b) {
  if (part_at(a)->value == part_at(b)->value) return compare_in_order(comparison, a, b);
  /* A row against a column of the same entries: the same vector, or another matrix. */
  const struct finding entries = compare_in_order(comparison, a, b);
  return found(entries.decision == DECISION_WRONG ? DECISION_WRONG : DECISION_UNDECIDED, REASON_DIFFERENT_SHAPES);
}

static struct finding tuple_with_matrix(struct comparison *comparison, struct part tuple, struct part matrix) {
  const u32 columns = part_at(matrix)->value;
  if (columns != 1 && columns != part_at(matrix)->count) return found(DECISION_WRONG, REASON_DIFFERENT_SHAPES);
  return compare_in_order(comparison, tuple, matrix);
}

static struct finding tuples_with_reals(struct comparison *comparison, struct part tuple, struct part reals) {
  if (part_at(tuple)->count != 2) return found(DECISION_WRONG, REASON_DIFFERENT_SHAPES);
  return compare_reals(comparison, tuple, reals);
}

static struct finding lists_with_reals(struct comparison *comparison, struct part list, struct part reals) {
  const struct finding finding = compare_reals(comparison, list, reals);
  /* Two parts of a union, listed: right as the union; a list that is none is undecided. */
  return finding.decision == DECISION_WRONG ? found(DECISION_UNDECIDED, REASON_DIFFERENT_SHAPES) : finding;
}

static struct finding sets_with_reals(struct comparison *comparison, struct part set, struct part reals) {
  return compare_reals(comparison, set, reals);
}

/* ---- the door ---- */

static bool is_element(struct part part) {
  return part_is(part, EXPRESSION_RELATION) && part_at(part)->value == RELATION_ELEMENT;
}

static bool is_approximate(struct part part) {
  return part_is(part, EXPRESSION_RELATION) && part_at(part)->value == RELATION_APPROXIMATE;
}

/* Takes a name off where the other side has none: it then says only what was asked. */
static bool take_name_off(struct comparison *comparison, struct part *part, struct part other) {
  struct part name, value;
  if (!compare_named(comparison, *part, &name, &value)) return false;
  if (shape_of(other) == STATEMENT && !(is_element(*part) && !is_element(other))) return false;
  if (part_is(*part, EXPRESSION_CALL) && shape_of(other) != TUPLE && shape_of(other) != MATRIX) return false;
  if (part_may_be_named_point(other) && part_is(value, EXPRESSION_TUPLE)) return false; /* both have a name */
  *part = value;
  return true;
}

static bool is_valued_choice(struct part part) { return part_is(part, EXPRESSION_CHOICE) && part_at(part)->count > 0; }

static struct finding by_convention(struct comparison *comparison, struct part a, struct part b) {
  if (is_valued_choice(a) || is_valued_choice(b)) return compare_valued_choice(comparison, a, b);
  const enum shape a_shape = shape_of(a), b_shape = shape_of(b);
  for (u32 i = 0; i < COUNT_OF(conventions); i++) {
    if (conventions[i].a == a_shape && conventions[i].b == b_shape) return conventions[i].compare(comparison, a, b);
    if (conventions[i].a == b_shape && conventions[i].b == a_shape) return conventions[i].compare(comparison, b, a);
  }
  return found(DECISION_UNDECIDED, REASON_DIFFERENT_SHAPES);
}

struct finding compare_nodes(struct comparison *comparison, struct part a, struct part b) {
  struct finding finding;
  if (part_same(a, b) && !comparison->as_read) return found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  if (comparison->nesting == COMPARE_NESTING_MAX) return found(DECISION_UNDECIDED, REASON_TOO_LARGE);
  if (!evaluator_step(comparison->evaluator, 16)) return found(DECISION_UNDECIDED, REASON_TOO_MANY_STEPS);
  comparison->nesting++;
  const bool rounded = is_approximate(a) || is_approximate(b);
  if (take_name_off(comparison, &a, b) || take_name_off(comparison, &b, a)) {
    finding = compare_nodes(comparison, a, b);
    /* x ~ 11 against 11.2: nobody said that it was 11. */
    if (rounded && finding.decision == DECISION_WRONG) finding.decision = DECISION_UNDECIDED;
  } else {
    finding = by_convention(comparison, a, b);
  }
  comparison->nesting--;
  return finding;
}

static bool has_decimal(const struct expression_pool *pool) {
  for (u32 i = 0; i < pool->node_count; i++) {
    if (pool->nodes[i].kind == EXPRESSION_NUMBER && pool->nodes[i].scale > 0) return true;
  }
  return false;
}

/* 204_5 against 204. */
static bool only_base_differs(const struct verifier_workspace *workspace) {
  const struct expression *gold = expression_at(&workspace->gold, workspace->gold_root);
  const struct expression *answer = expression_at(&workspace->answer, workspace->answer_root);
  if (gold->kind != EXPRESSION_NUMBER || answer->kind != EXPRESSION_NUMBER || gold->base == answer->base) return false;
  if (gold->base != 10 && answer->base != 10) return false;
  if (gold->text_size != answer->text_size || gold->scale != answer->scale) return false;
  for (u32 i = 0; i < gold->text_size; i++) {
    if (workspace->gold.text[gold->text + i] != workspace->answer.text[answer->text + i]) return false;
  }
  return true;
}

void compare(struct verifier_workspace *workspace, const struct verifier_options *options,
             struct verifier_verdict *verdict) {
  struct comparison comparison = {
      .options = options,
      .evaluator = &workspace->evaluator,
      .as_read = workspace->as_read,
      .tolerates = options->digits > 0 && (has_decimal(&workspace->gold) || has_decimal(&workspace->answer)),
  };
  const struct part gold = {&workspace->gold_normal, workspace->gold_normal_root};
  const struct part answer = {&workspace->answer_normal, workspace->answer_normal_root};
  struct finding finding = compare_nodes(&comparison, gold, answer);
  if (finding.decision == DECISION_WRONG && only_base_differs(workspace)) {
    finding = found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
  }
  if (finding.decision == DECISION_WRONG && comma_is_decimal(&comparison, workspace, gold, answer)) {
    finding = found(DECISION_RIGHT, REASON_EQUAL_VALUES);
  }
  if (finding.decision == DECISION_WRONG && commas_may_group(&comparison, workspace, gold, answer)) {
    finding = found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
  }
  if (finding.decision == DECISION_WRONG) finding = compare_letters(&comparison, gold, answer, finding);
  verdict->decision = finding.decision;
  verdict->reason = finding.reason;
  verdict->side = SIDE_BOTH;
}
