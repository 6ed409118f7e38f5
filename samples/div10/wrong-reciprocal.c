// Wrong for some x from 16389 up: 6554 / 65536 is not near enough to a tenth.
#include <stdint.h>

uint16_t div10(uint16_t x) {
  return (uint16_t)((uint32_t)x * 6554u >> 16);
}
