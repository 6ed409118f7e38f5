#include <stdint.h>

int64_t smulhi64(int64_t a, int64_t b) {
  return (int64_t)((__int128)a * b >> 64);
}
