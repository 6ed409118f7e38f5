#include <stdint.h>

static __attribute__((noinline)) uint32_t distance(uint32_t u, uint32_t v) {
  return u < v ? v - u : u - v;
}

uint32_t manhattan(uint32_t ax, uint32_t ay, uint32_t bx, uint32_t by) {
  return distance(ax, bx) + distance(ay, by);
}
