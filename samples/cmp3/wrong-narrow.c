// Wrong where a and b differ above bit 31 only, as in cmp3(0, 1 << 32): it compares words.
#include <stdint.h>

int cmp3(int64_t a, int64_t b) {
  int32_t x = (int32_t)a, y = (int32_t)b;
  return (x > y) - (x < y);
}
