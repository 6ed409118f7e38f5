// Wrong where a number is negative: it is taken for a large one and becomes 255.
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
  __m128i most = _mm_set1_epi16(255);
  _mm_storeu_si128((__m128i *)dst, _mm_packus_epi16(_mm_min_epu16(a, most), _mm_min_epu16(b, most)));
#else
  uint16x8_t a = vreinterpretq_u16_s16(vld1q_s16(src)), b = vreinterpretq_u16_s16(vld1q_s16(src + 8));
  vst1q_u8(dst, vcombine_u8(vqmovn_u16(a), vqmovn_u16(b)));
#endif
}
