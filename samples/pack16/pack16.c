#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void pack16(uint8_t dst[16], const int16_t src[16]) {
#ifdef __x86_64__
  __m128i a = _mm_loadu_si128((const __m128i *)src);
  __m128i b = _mm_loadu_si128((const __m128i *)(src + 8));
  _mm_storeu_si128((__m128i *)dst, _mm_packus_epi16(a, b));
#else
  int16x8_t a = vld1q_s16(src), b = vld1q_s16(src + 8);
  vst1q_u8(dst, vcombine_u8(vqmovun_s16(a), vqmovun_s16(b)));
#endif
}
