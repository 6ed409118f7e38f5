// Wrong where the sum needs 33 bits, as in average(0xffffffff, 1): the carry is lost.
#include <stdint.h>

uint32_t average(uint32_t a, uint32_t b) {
  return (a + b) >> 1;
}
