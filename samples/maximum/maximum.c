#include <stddef.h>
#include <stdint.h>

int32_t maximum(size_t n, const int32_t *p) {
  int32_t best = p[0];
  for (size_t i = 1; i < n; i++) {
    if (p[i] > best) best = p[i];
  }
  return best;
}
