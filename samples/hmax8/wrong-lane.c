// Wrong where the greatest number stands in some lanes only: the last step looks at the lanes of the one before.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

int16_t hmax8(const int16_t p[8]) {
#ifdef __x86_64__
  __m128i v = _mm_loadu_si128((const __m128i *)p);
  v = _mm_max_epi16(v, _mm_srli_si128(v, 8));
  v = _mm_max_epi16(v, _mm_srli_si128(v, 4));
  v = _mm_max_epi16(v, _mm_srli_si128(v, 4));
  return (int16_t)_mm_cvtsi128_si32(v);
#else
  int16x8_t v = vld1q_s16(p);
  for (int i = 0; i < 2; i++) v = vpmaxq_s16(v, v);
  return vgetq_lane_s16(v, 0);
#endif
}
