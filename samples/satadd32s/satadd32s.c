#include <stdint.h>

int32_t satadd32s(int32_t a, int32_t b) {
  int64_t sum = (int64_t)a + b;
  if (sum > INT32_MAX) return INT32_MAX;
  if (sum < INT32_MIN) return INT32_MIN;
  return (int32_t)sum;
}
