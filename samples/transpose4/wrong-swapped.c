// Wrong in the last row, whose halves are exchanged: two operands are.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void transpose4(uint32_t m[16]) {
#ifdef __x86_64__
  __m128i r0 = _mm_loadu_si128((const __m128i *)m);
  __m128i r1 = _mm_loadu_si128((const __m128i *)(m + 4));
  __m128i r2 = _mm_loadu_si128((const __m128i *)(m + 8));
  __m128i r3 = _mm_loadu_si128((const __m128i *)(m + 12));
  __m128i a = _mm_unpacklo_epi32(r0, r1);
  __m128i b = _mm_unpacklo_epi32(r2, r3);
  __m128i c = _mm_unpackhi_epi32(r0, r1);
  __m128i d = _mm_unpackhi_epi32(r2, r3);
  _mm_storeu_si128((__m128i *)m, _mm_unpacklo_epi64(a, b));
  _mm_storeu_si128((__m128i *)(m + 4), _mm_unpackhi_epi64(a, b));
  _mm_storeu_si128((__m128i *)(m + 8), _mm_unpacklo_epi64(c, d));
  _mm_storeu_si128((__m128i *)(m + 12), _mm_unpackhi_epi64(d, c));
#else
  uint32x4_t r0 = vld1q_u32(m), r1 = vld1q_u32(m + 4), r2 = vld1q_u32(m + 8), r3 = vld1q_u32(m + 12);
  uint32x4x2_t a = vtrnq_u32(r0, r1), b = vtrnq_u32(r2, r3);
  vst1q_u32(m, vcombine_u32(vget_low_u32(a.val[0]), vget_low_u32(b.val[0])));
  vst1q_u32(m + 4, vcombine_u32(vget_low_u32(a.val[1]), vget_low_u32(b.val[1])));
  vst1q_u32(m + 8, vcombine_u32(vget_high_u32(a.val[0]), vget_high_u32(b.val[0])));
  vst1q_u32(m + 12, vcombine_u32(vget_high_u32(b.val[1]), vget_high_u32(a.val[1])));
#endif
}
