// Wrong where one byte is below 128 and the other is not: the greater and the less are those of signed bytes.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

uint32_t sad16(const uint8_t a[16], const uint8_t b[16]) {
#ifdef __x86_64__
  __m128i x = _mm_loadu_si128((const __m128i *)a);
  __m128i y = _mm_loadu_si128((const __m128i *)b);
  __m128i d = _mm_sub_epi8(_mm_max_epi8(x, y), _mm_min_epi8(x, y));
  __m128i s = _mm_sad_epu8(d, _mm_setzero_si128());
  return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(s, _mm_srli_si128(s, 8)));
#else
  uint8x16_t x = vld1q_u8(a), y = vld1q_u8(b);
  return vaddlvq_u8(vreinterpretq_u8_s8(vabdq_s8(vreinterpretq_s8_u8(x), vreinterpretq_s8_u8(y))));
#endif
}
