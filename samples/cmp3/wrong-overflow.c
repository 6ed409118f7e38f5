// Wrong where a - b overflows, as in cmp3(INT64_MIN, 1): the sign of the difference is not the order.
#include <stdint.h>

int cmp3(int64_t a, int64_t b) {
  int64_t difference = (int64_t)((uint64_t)a - (uint64_t)b);
  return difference < 0 ? -1 : difference != 0;
}
