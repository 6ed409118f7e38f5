// Wrong where the word is no palindrome of bytes: they come in the wrong order.
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#else
#include <arm_acle.h>
#endif

uint32_t crc32c(uint32_t crc, uint32_t word) {
#ifdef __x86_64__
  return _mm_crc32_u32(crc, __builtin_bswap32(word));
#else
  return __crc32cw(crc, __builtin_bswap32(word));
#endif
}
