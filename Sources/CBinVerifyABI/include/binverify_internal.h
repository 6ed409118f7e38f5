/// What the Swift side of the library needs from C; not installed.
#pragma once

#include <stddef.h>

/// Sets the error message of the calling thread, cut to what there is room for.
void binverify_set_error(const char *text);

/// The path of the file that this library was loaded from, and of the program loader that can start
/// it; false where either cannot be told.
int binverify_program(char *library, char *loader, size_t capacity);
