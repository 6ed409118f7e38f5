// Wrong where the signs differ, as in max32(-1, 1): the comparison is unsigned.
#include <stdint.h>

int32_t max32(int32_t a, int32_t b) {
  return (uint32_t)a < (uint32_t)b ? b : a;
}
