// Wrong where a sum is too small, as in satadd32s(INT32_MIN, -1): it goes to the wrong end.
#include <stdint.h>

int32_t satadd32s(int32_t a, int32_t b) {
  int32_t sum = (int32_t)((uint32_t)a + (uint32_t)b);
  int overflow = ((a ^ sum) & (b ^ sum)) < 0;
  return overflow ? INT32_MAX : sum;
}
