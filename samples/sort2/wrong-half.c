// Wrong wherever the values must change places: the second comparison reads what the first wrote, so
// {2, 1} becomes {1, 1} and the 2 is lost. The result still ascends.
#include <stdint.h>

void sort2(int32_t p[2]) {
  p[0] = p[0] < p[1] ? p[0] : p[1];
  p[1] = p[0] < p[1] ? p[1] : p[0];
}
