// Wrong where MixColumns matters: it is the last round, which has none. Decrypting with the same mistake restores
// the text.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void aesround(uint8_t state[16], const uint8_t key[16]) {
#ifdef __x86_64__
  __m128i s = _mm_loadu_si128((const __m128i *)state);
  __m128i k = _mm_loadu_si128((const __m128i *)key);
  _mm_storeu_si128((__m128i *)state, _mm_aesenclast_si128(s, k));
#else
  uint8x16_t s = vld1q_u8(state), k = vld1q_u8(key);
  vst1q_u8(state, veorq_u8(vaeseq_u8(s, vdupq_n_u8(0)), k));
#endif
}
