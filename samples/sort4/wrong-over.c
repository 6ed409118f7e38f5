// Wrong always, and a test on the four elements never sees it: it writes a fifth element behind them.
#include <stdint.h>

void sort4(int32_t p[4]) {
  for (int i = 0; i < 4; i++) {
    for (int j = i + 1; j < 4; j++) {
      if (p[j] < p[i]) {
        int32_t t = p[i];
        p[i] = p[j];
        p[j] = t;
      }
    }
  }
  p[4] = 0;
}
