#include <stdint.h>

void sort2(int32_t p[2]) {
  int32_t a = p[0], b = p[1];
  p[0] = a < b ? a : b;
  p[1] = a < b ? b : a;
}
