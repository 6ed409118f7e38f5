// Wrong where the top nibble pair is full, as in 0xff000000: the third mask drops the count of 8 (bit 27).
#include <stdint.h>

uint32_t popcount32(uint32_t x) {
  x = x - ((x >> 1) & 0x55555555u);
  x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
  x = (x + (x >> 4)) & 0x070f0f0fu;
  return (x * 0x01010101u) >> 24;
}
