// Wrong where the key stands twice: it answers with the last place.
#include <stddef.h>
#include <stdint.h>

size_t find(size_t n, const uint8_t *p, uint8_t key) {
  size_t found = n;
  for (size_t i = 0; i < n; i++) {
    if (p[i] == key) found = i;
  }
  return found;
}
