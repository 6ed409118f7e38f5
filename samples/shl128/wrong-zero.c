// Wrong for n = 0 and n = 64, where low >> 64 would have to be 0: both ISAs take the count modulo 64.
#include <stdint.h>

unsigned __int128 shl128(unsigned __int128 x, uint32_t n) {
  uint64_t low = (uint64_t)x, high = (uint64_t)(x >> 64);
  uint32_t m = n & 63;
  uint64_t across = low >> ((64 - m) & 63);
  high = high << m | across;
  low = low << m;
  if (n >= 64) {
    high = low;
    low = 0;
  }
  return (unsigned __int128)high << 64 | low;
}
