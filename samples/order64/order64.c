#include <stdint.h>

int order64(uint64_t a, uint64_t b) {
  if (a < b) return -1;
  return a > b;
}
