// Wrong where no byte is the key: it reads p[n] before it compares the index with n.
#include <stddef.h>
#include <stdint.h>

size_t find(size_t n, const uint8_t *p, uint8_t key) {
  size_t i = 0;
  while (*(const volatile uint8_t *)(p + i) != key && i < n) i++;
  return i;
}
