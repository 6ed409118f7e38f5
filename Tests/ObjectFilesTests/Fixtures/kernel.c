// Functions that refer to each other, to read-only and writable data and to another file.
extern int external_value(int);

static const unsigned char nibbles[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};

int counter;

__attribute__((noinline)) static unsigned nibble(unsigned x) {
  return nibbles[x & 15];
}

unsigned byte_bits(unsigned x) {
  return nibble(x) + nibble(x >> 4);
}

int calls_out(int x) {
  return external_value(x) + 1;
}

int reads_counter(void) {
  return counter;
}
