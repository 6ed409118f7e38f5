// Wrong above 255, which becomes 0: the limit is 256, of which the low byte is taken.
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
  __m128i most = _mm_set1_epi16(256);
  a = _mm_max_epi16(_mm_min_epi16(a, most), _mm_setzero_si128());
  b = _mm_max_epi16(_mm_min_epi16(b, most), _mm_setzero_si128());
  __m128i low = _mm_set1_epi16(255);
  _mm_storeu_si128((__m128i *)dst, _mm_packus_epi16(_mm_and_si128(a, low), _mm_and_si128(b, low)));
#else
  int16x8_t a = vld1q_s16(src), b = vld1q_s16(src + 8);
  int16x8_t most = vdupq_n_s16(256), least = vdupq_n_s16(0);
  a = vmaxq_s16(vminq_s16(a, most), least);
  b = vmaxq_s16(vminq_s16(b, most), least);
  vst1q_u8(dst, vcombine_u8(vmovn_u16(vreinterpretq_u16_s16(a)), vmovn_u16(vreinterpretq_u16_s16(b))));
#endif
}
