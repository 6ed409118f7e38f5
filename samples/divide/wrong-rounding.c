// Wrong where the quotient is negative and not whole, as in divide(-7, 2): it rounds downwards.
#include <stdint.h>

int32_t divide(int32_t a, int32_t b) {
  int64_t quotient = (int64_t)a / b;
  return (int32_t)(quotient - ((int64_t)a % b != 0 && (a ^ b) < 0));
}
