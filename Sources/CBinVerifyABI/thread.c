#define _GNU_SOURCE
#include "binverify.h"
#include "binverify_internal.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

static const char binverify_version_text[] = "0.1.0";

static _Thread_local char error[4096];

void binverify_set_error(const char *text) {
  size_t size = strnlen(text, sizeof error - 1);
  memcpy(error, text, size);
  error[size] = 0;
}

size_t binverify_error_message(char *buffer, size_t capacity) {
  size_t size = strlen(error);
  if (buffer != NULL && capacity > 0) {
    size_t kept = size < capacity - 1 ? size : capacity - 1;
    memcpy(buffer, error, kept);
    buffer[kept] = 0;
  }
  return size + 1;
}

/// Where the program loader begins: the kernel says it, or the loader itself if it was run by name.
static void *loader_base(void) {
  unsigned long base = getauxval(AT_BASE);
  return (void *)(base ? base : _r_debug.r_ldbase);
}

static int path_of(void *address, char *path, size_t capacity) {
  Dl_info information;
  if (!dladdr(address, &information) || !information.dli_fname) return 0;
  char *full = realpath(information.dli_fname, NULL);
  int fits = full && strlen(full) < capacity;
  if (fits) strcpy(path, full);
  free(full);
  return fits;
}

int binverify_program(char *library, char *loader, size_t capacity) {
  return path_of((void *)binverify_error_message, library, capacity)
         && path_of(loader_base(), loader, capacity);
}

const char *binverify_version(void) { return binverify_version_text; }
