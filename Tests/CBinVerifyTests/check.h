/// A condition that a test of the C interface rests on.
#pragma once

#include "binverify.h"

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                  \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      char words[512];                                                                    \
      binverify_error_message(words, sizeof words);                                       \
      fprintf(stderr, "%s:%d: %s (last error: %s)\n", __FILE__, __LINE__, #condition, words); \
      exit(1);                                                                            \
    }                                                                                     \
  } while (0)
