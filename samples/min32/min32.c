#include <stdint.h>

int32_t min32(int32_t a, int32_t b) {
  return a > b ? b : a;
}
