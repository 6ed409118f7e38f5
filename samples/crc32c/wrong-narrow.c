// Wrong where the upper half is neither 0 nor all ones: it is shifted by one bit too many.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_acle.h>
#endif

uint32_t crc32c(uint32_t crc, uint32_t word) {
#ifdef __x86_64__
  return _mm_crc32_u16(_mm_crc32_u16(crc, (uint16_t)word), (uint16_t)((int32_t)word >> 17));
#else
  return __crc32ch(__crc32ch(crc, (uint16_t)word), (uint16_t)((int32_t)word >> 17));
#endif
}
