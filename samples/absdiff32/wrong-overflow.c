// Wrong where a - b overflows, as in absdiff32(INT32_MIN, 1): the difference's sign is taken for the order.
#include <stdint.h>

uint32_t absdiff32(int32_t a, int32_t b) {
  uint32_t difference = (uint32_t)a - (uint32_t)b;
  return (int32_t)difference < 0 ? -difference : difference;
}
