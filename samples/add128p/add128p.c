#include <stdint.h>

void add128p(uint64_t r[2], const uint64_t a[2], const uint64_t b[2]) {
  uint64_t low = a[0] + b[0];
  uint64_t high = a[1] + b[1] + (low < a[0]);
  r[0] = low;
  r[1] = high;
}
