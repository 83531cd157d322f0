/* JSON, UTF-8, XXH64 and safetensors: what is well formed is read to the bit, what is not is refused with its place,
 * and no bytes make them misbehave. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/formats/safetensors.h"
#include "engine/text/json_write.h"
#include "engine/text/utf8.h"

static struct json_token tokens[4096];

static const char *parse(struct json *json, const char *text) {
  u64 at;
  /* no NUL after it: the parser may not need one */
  static char copy[65536];
  const u64 bytes = strlen(text);
  memcpy(copy, text, bytes);
  memset(copy + bytes, '7', 16);
  const char *const wrong = json_parse(json, copy, bytes, tokens, COUNT_OF(tokens), &at);
  assert_true(at <= bytes);
  return wrong;
}

static void test_json_accepts(void **state) {
  (void)state;
  static const char *const good[] = {"{}",
                                     "[]",
                                     " [ ] ",
                                     "0",
                                     "-0",
                                     "-1.5e+10",
                                     "1E9",
                                     "\"\"",
                                     "true",
                                     "false",
                                     "null",
                                     "[1,2,[3,{\"a\":[]}]]",
                                     "{\"a\":1,\"b\":{\"c\":\"d\"}}",
                                     "\"\\u00e9\\n\\\\\\/\"",
                                     "\"\xf0\x9f\x98\x80\"",
                                     "\t\r\n1\n"};
  struct json json;
  for (u32 i = 0; i < COUNT_OF(good); i++) assert_null(parse(&json, good[i]));
}

static void test_json_refuses(void **state) {
  (void)state;
  static const char *const bad[] = {"",
                                    " ",
                                    "{",
                                    "}",
                                    "[",
                                    "]",
                                    "[1",
                                    "[1,",
                                    "[1,]",
                                    "[,1]",
                                    "[1 2]",
                                    "{\"a\"}",
                                    "{\"a\":}",
                                    "{\"a\" 1}",
                                    "{\"a\":1,}",
                                    "{a:1}",
                                    "{1:1}",
                                    "{\"a\":1 \"b\":2}",
                                    "{\"a\":1,,\"b\":2}",
                                    "[1}",
                                    "{\"a\":1]",
                                    "1 2",
                                    "{} {}",
                                    "01",
                                    "-",
                                    "+1",
                                    ".5",
                                    "1.",
                                    "1e",
                                    "1e+",
                                    "0x1",
                                    "--1",
                                    "NaN",
                                    "Infinity",
                                    "tru",
                                    "truee",
                                    "nul",
                                    "'a'",
                                    "\"",
                                    "\"\\",
                                    "\"\\x\"",
                                    "\"\\u12g4\"",
                                    "\"\\u12",
                                    "\"\n\"",
                                    "\"\x01\"",
                                    "\"\xff\"",
                                    "\"\xc0\xaf\"",
                                    "\"\xed\xa0\x80\"",
                                    "\"\xf4\x90\x80\x80\"",
                                    "\"\xe2\x82\"",
                                    "[1]x",
                                    "\xef\xbb\xbf{}",
                                    "{\"a\":1}}",
                                    "[[]"};
  struct json json;
  for (u32 i = 0; i < COUNT_OF(bad); i++) {
    const char *const wrong = parse(&json, bad[i]);
    if (wrong == NULL) print_error("accepted: %s\n", bad[i]);
    assert_non_null(wrong);
    assert_int_equal(json.count, 0);
  }
  char deep[128];
  memset(deep, '[', 64);
  deep[64] = 0;
  assert_string_equal(parse(&json, deep), "is nested too deep");
}

static void test_json_values(void **state) {
  (void)state;
  struct json json;
  u64 count;
  f64 number;
  char text[64];
  assert_null(parse(&json,
                    "{\"a\":[1,{\"x\":2}],\"b\\u0041\":-3.25,\"n\":18446744073709551615,\"o\":18446744073709551616,"
                    "\"s\":\"\\ud83d\\ude00\\ud800\\u0000z\"}"));
  assert_int_equal(json.tokens[0].count, 5);
  const u32 list = json_find(&json, 0, "a");
  assert_int_equal(json.tokens[list].count, 2);
  assert_true(json_u64(&json, list + 1, &count) && count == 1);
  assert_true(json_u64(&json, json_find(&json, list + 2, "x"), &count) && count == 2);
  assert_true(json_number(&json, json_find(&json, 0, "bA"), &number) && number == -3.25);
  assert_false(json_u64(&json, json_find(&json, 0, "bA"), &count));
  assert_true(json_u64(&json, json_find(&json, 0, "n"), &count) && count == UINT64_MAX);
  assert_false(json_u64(&json, json_find(&json, 0, "o"), &count));
  assert_int_equal(json_find(&json, 0, "x"), JSON_NONE);
  assert_int_equal(json_find(&json, JSON_NONE, "x"), JSON_NONE);
  const u32 string = json_find(&json, 0, "s");
  assert_int_equal(json_text(&json, string, text, sizeof text), 4 + 3 + 1 + 1);
  assert_memory_equal(text, "\xf0\x9f\x98\x80\xef\xbf\xbd\0z", 10);
  assert_int_equal(json_text(&json, string, text, 6), 9); /* cut after the first whole character */
  assert_string_equal(text, "\xf0\x9f\x98\x80");
  assert_false(json_has_duplicates(&json, 0));
  assert_null(parse(&json, "{\"a\":1,\"\\u0061\":2}"));
  assert_true(json_has_duplicates(&json, 0));
  u64 at;
  assert_string_equal(json_parse(&json, "[1,2,3]", 7, tokens, 3, &at), "has too many values");
}

/* Random edits of a good text: never outside the buffers (the sanitizers watch), and what is accepted is walked whole.
 */
static void test_json_fuzz(void **state) {
  (void)state;
  static const char seed[] =
      "{\"a\":[1,-2.5e3,true,null,\"x\\u00e9\\n\"],\"b\":{\"c\":{\"d\":[[],{}]}},\"e\":\"\xf0\x9f\x98\x80\"}";
  u64 random = 99;
  for (u32 round = 0; round < 20000; round++) {
    char *const text = malloc(sizeof seed); /* its own block: a read past the end is seen */
    u64 bytes = sizeof seed - 1, at;
    assert_non_null(text);
    memcpy(text, seed, sizeof seed);
    for (u32 edit = 0; edit < 3; edit++) {
      random = random * 6364136223846793005ull + 1442695040888963407ull;
      const u32 place = (u32)(random >> 33) % (u32)bytes;
      if (random >> 62 == 0)
        bytes = place + 1;
      else
        text[place] = (random >> 61 & 1) != 0 ? "{}[]\",:\\u0e-"[(random >> 20) % 12] : (char)(random >> 24);
    }
    char *const exact = malloc(bytes);
    assert_non_null(exact);
    memcpy(exact, text, bytes);
    struct json json;
    const u32 capacity = (u32)(random >> 40) % 40;
    if (json_parse(&json, exact, bytes, tokens, capacity, &at) == NULL) {
      assert_true(json.count <= capacity && json.tokens[0].next == json.count);
      for (u32 i = 0; i < json.count; i++) {
        char out[16];
        f64 number;
        json_text(&json, i, out, sizeof out);
        json_number(&json, i, &number);
        assert_true(json.tokens[i].next > i && json.tokens[i].next <= json.count && json.tokens[i].end <= bytes);
      }
    }
    free(exact);
    free(text);
  }
}

static void test_json_write_overflow(void **state) {
  (void)state;
  char text[64];
  struct json_writer writer;
  for (u64 capacity = 0; capacity < sizeof text; capacity++) {
    memset(text, 'x', sizeof text);
    json_begin(&writer, text, capacity);
    json_open(&writer, '{');
    json_key(&writer, "a");
    json_put_f64(&writer, 0.5);
    json_put_newline(&writer);
    json_key(&writer, "b");
    json_put_hex(&writer, 255);
    json_put_newline(&writer);
    json_close(&writer, '}');
    static const char whole[] = "{\"a\":0.5,\n\"b\":\"00000000000000ff\"\n}";
    assert_int_equal(writer.overflow, capacity < sizeof whole - 1);
    if (!writer.overflow) assert_memory_equal(text, whole, sizeof whole - 1);
    for (u64 i = capacity; i < sizeof text; i++) assert_int_equal(text[i], 'x');
  }
}

static void test_utf8(void **state) {
  (void)state;
  char text[4];
  for (u32 code = 0; code <= 0x10ffff; code += code < 0x20000 ? 1 : 97) {
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    const u32 length = utf8_put(code, text);
    assert_int_equal(utf8_length(text, length), length);
    if (length > 1) assert_int_equal(utf8_length(text, length - 1), 0);
    if (surrogate) assert_memory_equal(text, "\xef\xbf\xbd", 3);
  }
  assert_int_equal(utf8_length("\x80", 1), 0);
  assert_int_equal(utf8_length("\xf8\x88\x80\x80", 4), 0);
}

/* Values of xxhsum -H1 (XXH64, seed 0). */
static void test_hash64(void **state) {
  (void)state;
  static const struct {
    const char *text;
    u64 hash;
  } vectors[] = {{"", 0xef46db3751d8e999},
                 {"a", 0xd24ec4f1a98c6e5b},
                 {"abc", 0x44bc2cf5ad770999},
                 {"Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1}};
  struct hash64 hash;
  for (u32 i = 0; i < COUNT_OF(vectors); i++) {
    hash64_begin(&hash);
    hash64_add(&hash, vectors[i].text, strlen(vectors[i].text));
    assert_true(hash64_end(&hash) == vectors[i].hash);
  }
  /* any cutting gives the same; every flipped bit another */
  u8 data[150];
  for (u32 i = 0; i < sizeof data; i++) data[i] = (u8)(i * 37);
  for (u32 bytes = 1; bytes <= sizeof data; bytes += 7) {
    hash64_begin(&hash);
    hash64_add(&hash, data, bytes);
    const u64 whole = hash64_end(&hash);
    for (u32 cut = 0; cut <= bytes; cut++) {
      hash64_begin(&hash);
      hash64_add(&hash, data, cut / 2);
      hash64_add(&hash, data + cut / 2, cut - cut / 2);
      hash64_add(&hash, data + cut, bytes - cut);
      assert_true(hash64_end(&hash) == whole);
    }
    for (u32 bit = 0; bit < bytes * 8; bit++) {
      data[bit / 8] ^= (u8)(1u << bit % 8);
      hash64_begin(&hash);
      hash64_add(&hash, data, bytes);
      assert_true(hash64_end(&hash) != whole);
      data[bit / 8] ^= (u8)(1u << bit % 8);
    }
  }
}

/* ---- safetensors ---- */

static char path[64];

static int path_make(void **state) {
  (void)state;
  strcpy(path, "/dev/shm/rlsp-formats-XXXXXX"); /* in memory: thousands of syncs cost nothing there */
  int descriptor = mkstemp(path);
  if (descriptor < 0) {
    strcpy(path, "/tmp/rlsp-formats-XXXXXX");
    descriptor = mkstemp(path);
  }
  if (descriptor >= 0) close(descriptor);
  return descriptor < 0;
}

static int path_remove(void **state) {
  (void)state;
  return unlink(path);
}

static enum status count_up(void *context, u64 offset, void *data, u64 bytes, struct error *error) {
  (void)context, (void)error;
  for (u64 i = 0; i < bytes; i++) ((u8 *)data)[i] = (u8)((offset + i) * 11);
  return STATUS_OK;
}

struct read_back {
  char header[4096];
  struct safetensors_found found[8];
  struct error error;
  u32 count;
};

static enum status read_header(struct read_back *back) {
  struct file file;
  struct safetensors_memory memory = {.header = back->header,
                                      .header_capacity = sizeof back->header,
                                      .tokens = tokens,
                                      .token_capacity = COUNT_OF(tokens),
                                      .found = back->found,
                                      .found_capacity = COUNT_OF(back->found)};
  enum status status = files_open_read(&file, path, &back->error);
  if (status == STATUS_OK) status = safetensors_read_header(&file, &memory, &back->count, &back->error);
  files_close(&file);
  return status;
}

static void test_safetensors_write_read(void **state) {
  (void)state;
  static u8 staging[4096];
  static struct read_back back;
  struct files files = {.changes = 0};
  struct file file;
  struct tensor_entry list[3];
  struct hash64 hash;
  u64 bytes, data_hash;
  tensor_entry_set(&list[0], "model.embed_tokens.weight", DTYPE_F32, 100, 33, 70, 0, 0);
  tensor_entry_set(&list[1], "b", DTYPE_U8, 9000, 3, 0, 0, 0);
  tensor_entry_set(&list[2], "c", DTYPE_U64, 7, 2, 2, 2, 2);
  assert_int_equal(files_create(&files, &file, path, &back.error), STATUS_OK);
  hash64_begin(&hash);
  assert_int_equal(
      safetensors_write(&files, &file, list, 3, count_up, NULL, staging, sizeof staging, &hash, &bytes, &back.error),
      STATUS_OK);
  files_close(&file);
  assert_int_equal(read_header(&back), STATUS_OK);
  assert_int_equal(back.count, 3);
  static u8 whole[16384];
  u64 size;
  assert_int_equal(files_read_whole(path, whole, sizeof whole, &size, &back.error), STATUS_OK);
  assert_int_equal(size, bytes);
  struct hash64 of_file;
  hash64_begin(&of_file);
  hash64_add(&of_file, whole, size);
  assert_true(hash64_end(&of_file) == hash64_end(&hash));
  struct hash64 of_data;
  hash64_begin(&of_data);
  for (u32 i = 0; i < 3; i++) {
    const struct safetensors_found *const found = safetensors_find(back.found, back.count, list[i].name);
    assert_non_null(found);
    assert_int_equal(found->rank, list[i].rank);
    assert_memory_equal(found->dims, list[i].dims, sizeof found->dims);
    assert_int_equal(found->bytes, list[i].bytes);
    for (u64 k = 0; k < found->bytes; k++) assert_int_equal(whole[found->begin + k], (u8)((list[i].offset + k) * 11));
    hash64_add(&of_data, whole + found->begin, found->bytes);
  }
  assert_string_equal(safetensors_find(back.found, back.count, "c")->dtype, "U64");
  assert_null(safetensors_find(back.found, back.count, "d"));
  assert_int_equal(safetensors_data_hash(list, 3, count_up, NULL, staging, 1000, &data_hash, &back.error), STATUS_OK);
  assert_true(data_hash == hash64_end(&of_data));
}

static void write_header(const char *header, u64 data_bytes) {
  static char whole[8192];
  struct files files = {.changes = 0};
  const u64 bytes = strlen(header);
  memset(whole, 0, sizeof whole);
  for (u32 i = 0; i < 8; i++) whole[i] = (char)(bytes >> (8 * i) & 0xff);
  memcpy(whole + 8, header, bytes);
  assert_int_equal(files_replace(&files, path, whole, 8 + bytes + data_bytes, NULL), STATUS_OK);
}

#define T(name, shape, span) "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":" span "}"

static void test_safetensors_strict(void **state) {
  (void)state;
  static struct read_back back;
  static const struct {
    const char *header;
    u64 data;
    bool good;
  } cases[] = {
      {"{}", 0, true},
      {"{" T("a", "[2]", "[0,8]") "}   ", 8, true},
      {"{" T("b", "[1]", "[8,12]") "," T("a", "[2]", "[0,8]") "}", 12, true}, /* any order */
      {"{" T("a", "[]", "[0,4]") "," T("z", "[0,5]", "[4,4]") "}", 4, true},  /* a scalar; an empty one */
      {"{\"__metadata__\":{\"k\":\"v\"}," T("a", "[2]", "[0,8]") "}", 8, true},
      {"{\"a\":{\"shape\":[2],\"data_offsets\":[0,4],\"dtype\":\"BF16\"}}", 4, true},
      {"{" T("a", "[2]", "[0,8]") "}", 7, false}, /* data cut */
      {"{" T("a", "[2]", "[0,8]") "}", 9, false}, /* bytes of nobody */
      {"{" T("a", "[2]", "[0,4]") "}", 8, false}, /* span and shape differ */
      {"{" T("a", "[2]", "[8,0]") "}", 8, false},
      {"{" T("a", "[2]", "[4,12]") "}", 12, false},                            /* a gap */
      {"{" T("a", "[2]", "[0,8]") "," T("b", "[2]", "[4,12]") "}", 12, false}, /* an overlap */
      {"{" T("a", "[2]", "[0,8]") "," T("a", "[2]", "[8,16]") "}", 16, false}, /* twice */
      {"{" T("a", "[2]", "[0,8]") "," T("\\u0061", "[2]", "[8,16]") "}", 16, false},
      {"{" T("a", "[1,1,1,1,1]", "[0,4]") "}", 4, false},
      {"{" T("a", "[-2]", "[0,8]") "}", 8, false},
      {"{" T("a", "[2.0]", "[0,8]") "}", 8, false},
      {"{" T("a", "[4294967296,4294967296,4]", "[0,0]") "}", 0, false}, /* overflows to 0 */
      {"{" T("a", "[2]", "[0,8,8]") "}", 8, false},
      {"{" T("", "[2]", "[0,8]") "}", 8, false},
      {"{" T("a\\u0000b", "[2]", "[0,8]") "}", 8, false},
      {"{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, false},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, false},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", 8, false},
      {"{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, false},
      {"{\"a\":3}", 0, false},
      {"[]", 0, false},
      {" {}", 0, false}, /* must begin with the object */
      {"{\"__metadata__\":{\"k\":1}}", 0, false},
      {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, false},
      {"{" T("a", "[1]", "[0,4]") "," T("b", "[0]", "[4,4]") "," T("c", "[0]", "[4,4]") "," T(
           "d", "[0]", "[4,4]") "," T("e", "[0]",
                                      "[4,4]") "," T("f", "[0]",
                                                     "[4,4]") "," T("g", "[0]",
                                                                    "[4,4]") "," T("h", "[0]",
                                                                                   "[4,4]") "," T("i", "[0]",
                                                                                                  "[4,4]") "}",
       4, false}, /* more than planned */
  };
  for (u32 i = 0; i < COUNT_OF(cases); i++) {
    write_header(cases[i].header, cases[i].data);
    const enum status status = read_header(&back);
    if (cases[i].good != (status == STATUS_OK))
      print_error("case %u: %s: %s\n", i, cases[i].header, status == STATUS_OK ? "read" : back.error.text);
    assert_int_equal(status, cases[i].good ? STATUS_OK : STATUS_DAMAGED);
    if (!cases[i].good) assert_non_null(strchr(back.error.text, ';')); /* what to do */
  }
}

/* Every cut and many flips of a small file: an answer, never a crash, and never a span outside the file. */
static void test_safetensors_fuzz(void **state) {
  (void)state;
  static const char header[] = "{" T("a", "[2,3]", "[0,24]") "," T("b.c", "[1]", "[24,28]") "}";
  static struct read_back back;
  static char whole[512];
  struct files files = {.changes = 0};
  u64 bytes, random = 5;
  write_header(header, 28);
  assert_int_equal(files_read_whole(path, whole, sizeof whole, &bytes, &back.error), STATUS_OK);
  for (u64 cut = 0; cut < bytes; cut++) {
    assert_int_equal(files_replace(&files, path, whole, cut, NULL), STATUS_OK);
    assert_int_equal(read_header(&back), STATUS_DAMAGED);
  }
  for (u32 round = 0; round < 2000; round++) {
    random = random * 6364136223846793005ull + 1442695040888963407ull;
    const u64 place = (random >> 33) % (bytes - 28);
    const char before = whole[place];
    whole[place] = (char)(random >> 24);
    assert_int_equal(files_replace(&files, path, whole, bytes, NULL), STATUS_OK);
    const enum status status = read_header(&back);
    assert_true(status == STATUS_OK || status == STATUS_DAMAGED);
    for (u32 i = 0; status == STATUS_OK && i < back.count; i++)
      assert_true(back.found[i].begin + back.found[i].bytes <= bytes);
    whole[place] = before;
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_json_accepts),
      cmocka_unit_test(test_json_refuses),
      cmocka_unit_test(test_json_values),
      cmocka_unit_test(test_json_fuzz),
      cmocka_unit_test(test_json_write_overflow),
      cmocka_unit_test(test_utf8),
      cmocka_unit_test(test_hash64),
      cmocka_unit_test(test_safetensors_write_read),
      cmocka_unit_test(test_safetensors_strict),
      cmocka_unit_test(test_safetensors_fuzz),
  };
  return cmocka_run_group_tests_name("formats", tests, path_make, path_remove);
}
