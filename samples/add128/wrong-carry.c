// Wrong where b's low half is 0 and nowhere else: equal halves are taken for a carry.
#include <stdint.h>

unsigned __int128 add128(unsigned __int128 a, unsigned __int128 b) {
  uint64_t low = (uint64_t)a + (uint64_t)b;
  uint64_t carry = low <= (uint64_t)a;
  uint64_t high = (uint64_t)(a >> 64) + (uint64_t)(b >> 64) + carry;
  return (unsigned __int128)high << 64 | low;
}
