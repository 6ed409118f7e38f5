// Wrong where x is a power of two, as in 8: it is doubled, since x is not decremented first.
#include <stdint.h>

uint32_t nextpow2(uint32_t x) {
  x |= x >> 1;
  x |= x >> 2;
  x |= x >> 4;
  x |= x >> 8;
  x |= x >> 16;
  return x + 1;
}
