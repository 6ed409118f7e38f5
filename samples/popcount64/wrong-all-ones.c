// Wrong for one input of 2^64: the answer is cut to six bits, so that all ones give 0 instead of 64.
#include <stdint.h>

uint32_t popcount64(uint64_t x) {
  x = x - ((x >> 1) & 0x5555555555555555u);
  x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return (uint32_t)((x * 0x0101010101010101u) >> 56) & 63;
}
