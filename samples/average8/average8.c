#include <stdint.h>

uint8_t average8(uint8_t a, uint8_t b) {
  return (uint8_t)((a + b + 1) >> 1);
}
