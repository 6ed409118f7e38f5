#include <stdint.h>

uint16_t div10(uint16_t x) {
  return x / 10;
}
