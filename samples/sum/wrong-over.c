// Wrong always, and a test with a 0 behind the array does not see it: it reads p[n].
#include <stddef.h>
#include <stdint.h>

uint32_t sum(size_t n, const uint32_t *p) {
  uint32_t total = 0;
  for (size_t i = 0; i <= n; i++) total += p[i];
  return total;
}
