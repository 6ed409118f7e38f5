#include <stddef.h>
#include <stdint.h>

size_t find(size_t n, const uint8_t *p, uint8_t key) {
  for (size_t i = 0; i < n; i++) {
    if (p[i] == key) return i;
  }
  return n;
}
