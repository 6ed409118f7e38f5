// Wrong where r[0] lies on a[1] or b[1], as in add128p(p + 1, p, q): the low limb is stored before the high
// limbs are read. Adding in place (r == a) works.
#include <stdint.h>

void add128p(uint64_t r[2], const uint64_t a[2], const uint64_t b[2]) {
  uint64_t low = a[0] + b[0];
  uint64_t carry = low < a[0];
  r[0] = low;
  r[1] = a[1] + b[1] + carry;
}
