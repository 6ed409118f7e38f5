// Wrong where src begins less than sixteen bytes before dst: the first half is stored before src's second is read.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void addsat8(uint8_t dst[16], const uint8_t src[16]) {
#ifdef __x86_64__
  for (int i = 0; i < 16; i += 8) {
    __m128i a = _mm_loadl_epi64((const __m128i *)(dst + i));
    __m128i b = _mm_loadl_epi64((const __m128i *)(src + i));
    _mm_storel_epi64((__m128i *)(dst + i), _mm_adds_epu8(a, b));
  }
#else
  for (int i = 0; i < 16; i += 8) vst1_u8(dst + i, vqadd_u8(vld1_u8(dst + i), vld1_u8(src + i)));
#endif
}
