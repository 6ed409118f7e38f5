#include <stdint.h>

uint32_t rotl32(uint32_t x, uint32_t n) {
  return x << (n & 31) | x >> (-n & 31);
}
