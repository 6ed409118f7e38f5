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
  _mm_storeu_si128((__m128i *)dst, _mm_adds_epu8(a, b));
#else
  vst1q_u8(dst, vqaddq_u8(vld1q_u8(dst), vld1q_u8(src)));
#endif
}
