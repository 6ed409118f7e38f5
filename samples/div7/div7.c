#include <stdint.h>

uint32_t div7(uint32_t x) {
  return x / 7;
}
