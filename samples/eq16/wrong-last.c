// Wrong where only the last byte differs: it compares fifteen.
#include <stdint.h>

int eq16(const uint8_t a[16], const uint8_t b[16]) {
  uint8_t different = 0;
  for (int i = 0; i < 15; i++) different |= a[i] ^ b[i];
  return different == 0;
}
