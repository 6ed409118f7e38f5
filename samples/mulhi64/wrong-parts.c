// Wrong where the middle products' sum needs 65 bits, as in mulhi64(-1, -1): that carry is lost.
#include <stdint.h>

uint64_t mulhi64(uint64_t a, uint64_t b) {
  uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
  uint64_t middle = ah * bl + al * bh + (al * bl >> 32);
  return ah * bh + (middle >> 32);
}
