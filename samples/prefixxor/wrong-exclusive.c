// Wrong where x is not 0: bit i leaves out the bit i of x itself.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

uint64_t prefixxor(uint64_t x) {
#ifdef __x86_64__
  __m128i p = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)x), _mm_set1_epi64x(-2), 0);
  return (uint64_t)_mm_cvtsi128_si64(p);
#else
  poly128_t p = vmull_p64((poly64_t)x, (poly64_t)(UINT64_MAX - 1));
  return (uint64_t)p;
#endif
}
