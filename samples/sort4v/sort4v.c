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
  v = _mm_unpacklo_epi64(_mm_min_epi32(v, s), _mm_max_epi32(v, s));
  s = _mm_shuffle_epi32(v, 0xb1);
  v = _mm_blend_epi16(_mm_min_epi32(v, s), _mm_max_epi32(v, s), 0xcc);
  s = _mm_shuffle_epi32(v, 0xd8);
  v = _mm_blend_epi16(_mm_min_epi32(v, s), _mm_max_epi32(v, s), 0xf0);
  _mm_storeu_si128((__m128i *)p, v);
#else
  int32x4_t v = vld1q_s32(p), s = vextq_s32(v, v, 2);
  v = vcombine_s32(vget_low_s32(vminq_s32(v, s)), vget_low_s32(vmaxq_s32(v, s)));
  s = vrev64q_s32(v);
  v = vtrn1q_s32(vminq_s32(v, s), vmaxq_s32(v, s));
  s = vzip1q_s32(v, vextq_s32(v, v, 2));
  v = vcombine_s32(vget_low_s32(vminq_s32(v, s)), vget_high_s32(vmaxq_s32(v, s)));
  vst1q_s32(p, v);
#endif
}
