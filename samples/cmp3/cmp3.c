#include <stdint.h>

int cmp3(int64_t a, int64_t b) {
  return (a > b) - (a < b);
}
