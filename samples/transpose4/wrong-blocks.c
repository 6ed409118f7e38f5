// Wrong where the blocks beside the diagonal differ from each other: each block of two by two is transposed
// where it is. Right for a symmetric matrix.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

void transpose4(uint32_t m[16]) {
#ifdef __x86_64__
  for (int i = 0; i < 16; i += 8) {
    __m128i a = _mm_loadu_si128((const __m128i *)(m + i));
    __m128i b = _mm_loadu_si128((const __m128i *)(m + i + 4));
    __m128i low = _mm_unpacklo_epi32(a, b), high = _mm_unpackhi_epi32(a, b);
    _mm_storeu_si128((__m128i *)(m + i), _mm_unpacklo_epi64(low, high));
    _mm_storeu_si128((__m128i *)(m + i + 4), _mm_unpackhi_epi64(low, high));
  }
#else
  uint32x4_t r0 = vld1q_u32(m), r1 = vld1q_u32(m + 4), r2 = vld1q_u32(m + 8), r3 = vld1q_u32(m + 12);
  uint32x4x2_t a = vtrnq_u32(r0, r1), b = vtrnq_u32(r2, r3);
  vst1q_u32(m, vcombine_u32(vget_low_u32(a.val[0]), vget_high_u32(a.val[0])));
  vst1q_u32(m + 4, vcombine_u32(vget_low_u32(a.val[1]), vget_high_u32(a.val[1])));
  vst1q_u32(m + 8, vcombine_u32(vget_low_u32(b.val[0]), vget_high_u32(b.val[0])));
  vst1q_u32(m + 12, vcombine_u32(vget_low_u32(b.val[1]), vget_high_u32(b.val[1])));
#endif
}
