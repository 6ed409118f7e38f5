// Wrong where dst starts 1 to 31 bytes above src: the words copied first overwrite those still to be read.
#include <stdint.h>

struct words {
  uint64_t w0, w1, w2, w3;
} __attribute__((packed, may_alias));

void move32(uint8_t dst[32], const uint8_t src[32]) {
  const struct words *from = (const struct words *)src;
  struct words *to = (struct words *)dst;
  to->w0 = from->w0;
  to->w1 = from->w1;
  to->w2 = from->w2;
  to->w3 = from->w3;
}
