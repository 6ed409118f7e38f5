#include <stdint.h>

// In halves, and the shift by 64 - n in two steps, so that none is by 64.
unsigned __int128 shl128(unsigned __int128 x, uint32_t n) {
  uint64_t low = (uint64_t)x, high = (uint64_t)(x >> 64);
  uint32_t m = n & 63;
  uint64_t across = (low >> 1) >> (63 - m);
  high = high << m | across;
  low = low << m;
  if (n >= 64) {
    high = low;
    low = 0;
  }
  return (unsigned __int128)high << 64 | low;
}
