#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void base64(uint8_t text[16], const uint8_t data[16]) {
#ifdef __x86_64__
  __m128i v = _mm_loadu_si128((const __m128i *)data);
  v = _mm_shuffle_epi8(v, _mm_set_epi8(10, 11, 9, 10, 7, 8, 6, 7, 4, 5, 3, 4, 1, 2, 0, 1));
  __m128i odd = _mm_mulhi_epu16(_mm_and_si128(v, _mm_set1_epi32(0x0fc0fc00)), _mm_set1_epi32(0x04000040));
  __m128i even = _mm_mullo_epi16(_mm_and_si128(v, _mm_set1_epi32(0x003f03f0)), _mm_set1_epi32(0x01000010));
  __m128i n = _mm_or_si128(odd, even);
  // 13 for capitals, 0 for small letters, 1 to 10 for digits, 11 and 12: what to add to n.
  __m128i kind = _mm_subs_epu8(n, _mm_set1_epi8(51));
  __m128i capital = _mm_cmpgt_epi8(_mm_set1_epi8(26), n);
  kind = _mm_or_si128(kind, _mm_and_si128(capital, _mm_set1_epi8(13)));
  __m128i shifts = _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                 '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
  _mm_storeu_si128((__m128i *)text, _mm_add_epi8(_mm_shuffle_epi8(shifts, kind), n));
#else
  static const uint8_t order[16] = {2, 1, 0, 255, 5, 4, 3, 255, 8, 7, 6, 255, 11, 10, 9, 255};
  static const uint8_t alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint32x4_t v = vreinterpretq_u32_u8(vqtbl1q_u8(vld1q_u8(data), vld1q_u8(order)));
  uint32x4_t n = vshrq_n_u32(v, 18);
  n = vorrq_u32(n, vandq_u32(vshrq_n_u32(v, 4), vdupq_n_u32(0x3f00)));
  n = vorrq_u32(n, vandq_u32(vshlq_n_u32(v, 10), vdupq_n_u32(0x3f0000)));
  n = vorrq_u32(n, vandq_u32(vshlq_n_u32(v, 24), vdupq_n_u32(0x3f000000)));
  uint8x16x4_t letters = {{vld1q_u8(alphabet), vld1q_u8(alphabet + 16), vld1q_u8(alphabet + 32), vld1q_u8(alphabet + 48)}};
  vst1q_u8(text, vqtbl4q_u8(letters, vreinterpretq_u8_u32(n)));
#endif
}
