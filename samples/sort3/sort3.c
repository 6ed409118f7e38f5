#include <stdint.h>

static inline void order(int32_t *a, int32_t *b) {
  int32_t lo = *a < *b ? *a : *b;
  int32_t hi = *a < *b ? *b : *a;
  *a = lo;
  *b = hi;
}

void sort3(int32_t p[3]) {
  order(&p[1], &p[2]);
  order(&p[0], &p[1]);
  order(&p[1], &p[2]);
}
