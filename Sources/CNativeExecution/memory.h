/// The memory that code under test sees: regions at the caller's addresses.
#pragma once

#include "native.h"

/// Some bytes at an address; `contents` may be NULL for zeros.
struct region {
  uint64_t address;
  uint64_t byte_count;
  uint64_t access;
  const void *contents;
};

/// The size of a page.
uint64_t page_size(void);

/// Maps the pages of the regions, writable for now and zero, with guards around. Returns 0, or the
/// address of a page that cannot be had (1 for the page at 0).
uint64_t map_regions(const struct region *regions, size_t count);

/// True if the two lie on the same pages with the same access.
bool has_same_pages(const struct region *one, const struct region *other);

/// Makes the pages of mapped regions as map_regions leaves them.
void clear_regions(const struct region *regions, size_t count);

/// Writes the contents, which are not yet visible to instruction fetch.
void fill_regions(const struct region *regions, size_t count);

/// Gives each page the access of the regions on it together.
void protect_regions(const struct region *regions, size_t count);

/// Maps writable memory exactly here if nothing is there yet.
bool map_exactly(uint64_t address, uint64_t byte_count, int protection);

/// Removes all that map_exactly mapped.
void unmap_everything(void);
