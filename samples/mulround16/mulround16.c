#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void mulround16(int16_t dst[8], const int16_t src[8]) {
#ifdef __x86_64__
  __m128i a = _mm_loadu_si128((const __m128i *)dst);
  __m128i b = _mm_loadu_si128((const __m128i *)src);
  __m128i p = _mm_mulhrs_epi16(a, b);
  // Only -1 times -1 gives the minimum.
  _mm_storeu_si128((__m128i *)dst, _mm_xor_si128(p, _mm_cmpeq_epi16(p, _mm_set1_epi16(INT16_MIN))));
#else
  vst1q_s16(dst, vqrdmulhq_s16(vld1q_s16(dst), vld1q_s16(src)));
#endif
}
