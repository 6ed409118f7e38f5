#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_acle.h>
#endif

uint32_t crc32c(uint32_t crc, uint32_t word) {
#ifdef __x86_64__
  return _mm_crc32_u32(crc, word);
#else
  return __crc32cw(crc, word);
#endif
}
