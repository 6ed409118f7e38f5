// Wrong where a sum passes 127: whether it wrapped is asked of signed bytes. Right for small numbers.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void addsat8(uint8_t dst[16], const uint8_t src[16]) {
#ifdef __x86_64__
  __m128i a = _mm_loadu_si128((const __m128i *)dst);
  __m128i b = _mm_loadu_si128((const __m128i *)src);
  __m128i sum = _mm_add_epi8(a, b);
  _mm_storeu_si128((__m128i *)dst, _mm_or_si128(sum, _mm_cmpgt_epi8(a, sum)));
#else
  uint8x16_t a = vld1q_u8(dst), b = vld1q_u8(src);
  uint8x16_t sum = vaddq_u8(a, b);
  uint8x16_t over = vcgtq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(sum));
  vst1q_u8(dst, vorrq_u8(sum, over));
#endif
}
