// Wrong where the signs differ, as in {1, -1}: the comparison is unsigned.
#include <stdint.h>

void sort2(int32_t p[2]) {
  uint32_t a = (uint32_t)p[0], b = (uint32_t)p[1];
  p[0] = (int32_t)(a < b ? a : b);
  p[1] = (int32_t)(a < b ? b : a);
}
