#include <stdint.h>

void copy32(uint8_t dst[restrict 32], const uint8_t src[restrict 32]) {
  for (int i = 0; i < 32; i++) dst[i] = src[i];
}
