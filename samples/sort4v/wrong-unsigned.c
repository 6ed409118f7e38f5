// Wrong where a number is negative and another is not: they are compared as unsigned.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void sort4v(int32_t p[4]) {
#ifdef __x86_64__
  __m128i v = _mm_loadu_si128((const __m128i *)p);
  __m128i s = _mm_shuffle_epi32(v, 0x4e);
  v = _mm_unpacklo_epi64(_mm_min_epu32(v, s), _mm_max_epu32(v, s));
  s = _mm_shuffle_epi32(v, 0xb1);
  v = _mm_blend_epi16(_mm_min_epu32(v, s), _mm_max_epu32(v, s), 0xcc);
  s = _mm_shuffle_epi32(v, 0xd8);
  v = _mm_blend_epi16(_mm_min_epu32(v, s), _mm_max_epu32(v, s), 0xf0);
  _mm_storeu_si128((__m128i *)p, v);
#else
  uint32x4_t v = vld1q_u32((const uint32_t *)p), s = vextq_u32(v, v, 2);
  v = vcombine_u32(vget_low_u32(vminq_u32(v, s)), vget_low_u32(vmaxq_u32(v, s)));
  s = vrev64q_u32(v);
  v = vtrn1q_u32(vminq_u32(v, s), vmaxq_u32(v, s));
  s = vzip1q_u32(v, vextq_u32(v, v, 2));
  v = vcombine_u32(vget_low_u32(vminq_u32(v, s)), vget_high_u32(vmaxq_u32(v, s)));
  vst1q_u32((uint32_t *)p, v);
#endif
}
