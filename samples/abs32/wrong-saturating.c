// Wrong for one input only: the minimum is answered with the maximum instead of staying as it is.
#include <stdint.h>

int32_t abs32(int32_t x) {
  if (x == INT32_MIN) return INT32_MAX;
  return x < 0 ? -x : x;
}
