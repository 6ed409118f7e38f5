// Wrong where both numbers are the minimum, one pair of 2^32: the product wraps to -1.
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
  _mm_storeu_si128((__m128i *)dst, _mm_mulhrs_epi16(a, b));
#else
  int16x8_t a = vld1q_s16(dst), b = vld1q_s16(src);
  int16x4_t low = vrshrn_n_s32(vmull_s16(vget_low_s16(a), vget_low_s16(b)), 15);
  int16x4_t high = vrshrn_n_s32(vmull_s16(vget_high_s16(a), vget_high_s16(b)), 15);
  vst1q_s16(dst, vcombine_s16(low, high));
#endif
}
