// Wrong for two of the six orders, as in {2, 3, 1}: the last exchange of the network is missing.
#include <stdint.h>

void sort3(int32_t p[3]) {
  int32_t a = p[0], b = p[1], c = p[2], t;
  if (b < a) { t = a; a = b; b = t; }
  if (c < b) { t = b; b = c; c = t; }
  p[0] = a;
  p[1] = b;
  p[2] = c;
}
