#include <stdint.h>

uint32_t crc32w(uint32_t crc, uint32_t word) {
  crc ^= word;
  for (int i = 0; i < 32; i++) crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1));
  return crc;
}
