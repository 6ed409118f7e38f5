#include <stdint.h>

uint32_t absdiff32(int32_t a, int32_t b) {
  return a < b ? (uint32_t)b - (uint32_t)a : (uint32_t)a - (uint32_t)b;
}
