#include <stdint.h>

int parity8(uint8_t x) {
  int odd = 0;
  for (; x; x >>= 1) odd ^= x & 1;
  return odd;
}
