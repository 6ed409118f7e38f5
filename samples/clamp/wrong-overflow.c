// Wrong where the distance to a bound overflows, as in clamp(INT32_MIN, 1, 2): the sign of a
// difference is not the order.
#include <stdint.h>

int32_t clamp(int32_t x, int32_t lo, int32_t hi) {
  if ((int32_t)((uint32_t)x - (uint32_t)lo) < 0) return lo;
  if ((int32_t)((uint32_t)hi - (uint32_t)x) < 0) return hi;
  return x;
}
