// Wrong where all elements are negative: the search starts from 0.
#include <stddef.h>
#include <stdint.h>

int32_t maximum(size_t n, const int32_t *p) {
  int32_t best = 0;
  for (size_t i = 0; i < n; i++) {
    if (p[i] > best) best = p[i];
  }
  return best;
}
