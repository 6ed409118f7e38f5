// A program without a library: its entry and one function.
static const int steps[4] = {1, 10, 100, 1000};
__attribute__((noinline)) int step(int i) { return steps[i & 3]; }
void _start(void) { step(2); for (;;); }
