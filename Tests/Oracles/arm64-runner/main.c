/// Performs jobs for a process that shares its memory (file 3) and asks through standard input.
#include "native.h"

int main(void) {
  native_serve(0, NATIVE_MEMORY_FILE);
  return 0;
}
