#include "engine/text/utf8.h"

u32 utf8_length(const char *text, u64 bytes) {
  const u8 *const at = (const u8 *)text;
  if (bytes == 0) return 0;
  if (at[0] < 0x80) return 1;
  const u32 length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
  if (at[0] < 0xc2 || at[0] > 0xf4 || bytes < length) return 0;
  for (u32 i = 1; i < length; i++)
    if ((at[i] & 0xc0) != 0x80) return 0;
  if (at[0] == 0xe0 && at[1] < 0xa0) return 0; /* overlong */
  if (at[0] == 0xed && at[1] > 0x9f) return 0; /* surrogate */
  if (at[0] == 0xf0 && at[1] < 0x90) return 0; /* overlong */
  if (at[0] == 0xf4 && at[1] > 0x8f) return 0; /* above U+10FFFF */
  return length;
}

u32 utf8_put(u32 code, char out[4]) {
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) code = 0xfffd;
  const u32 length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  static const u32 lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (u32 i = length; i-- > 1; code >>= 6) out[i] = (char)(0x80 | (code & 0x3f));
  out[0] = (char)(lead[length] | code);
  return length;
}
