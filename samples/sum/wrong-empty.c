// Wrong for n = 0: the loop tests at its end, so it reads p[0], which is not there.
#include <stddef.h>
#include <stdint.h>

uint32_t sum(size_t n, const uint32_t *p) {
  uint32_t total = 0;
  size_t i = 0;
  do total += p[i++];
  while (i < n);
  return total;
}
