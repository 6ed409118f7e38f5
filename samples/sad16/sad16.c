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
  __m128i s = _mm_sad_epu8(x, y);
  return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(s, _mm_srli_si128(s, 8)));
#else
  uint8x16_t x = vld1q_u8(a), y = vld1q_u8(b);
  uint32_t low = vaddvq_u16(vabdl_u8(vget_low_u8(x), vget_low_u8(y)));
  return low + vaddvq_u16(vabdl_u8(vget_high_u8(x), vget_high_u8(y)));
#endif
}
