#include <stdbool.h>
#include <stdint.h>

bool ispow2(uint32_t x) {
  return x != 0 && (x & (x - 1)) == 0;
}
