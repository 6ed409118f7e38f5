#include <stdint.h>

int32_t abs32(int32_t x) {
  return x < 0 ? (int32_t)(0u - (uint32_t)x) : x;
}
