#define _GNU_SOURCE
#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/// What map_exactly has mapped.
static struct range {
  uint64_t address;
  uint64_t byte_count;
} *ranges;
static size_t range_count, range_capacity;

uint64_t page_size(void) {
  static uint64_t size;
  if (size == 0) size = (uint64_t)sysconf(_SC_PAGESIZE);
  return size;
}

static uint64_t first_page(const struct region *region) {
  return region->address & -page_size();
}

static uint64_t last_page(const struct region *region) {
  return (region->address + region->byte_count - 1) & -page_size();
}

/// True if the region has bytes on the page.
static bool is_on(const struct region *region, uint64_t page) {
  return region->byte_count > 0 && first_page(region) <= page && page <= last_page(region);
}

static bool is_mapped(const struct region *regions, size_t count, uint64_t page) {
  for (size_t i = 0; i < count; i++)
    if (is_on(&regions[i], page)) return true;
  return false;
}

/// Notes a mapping for unmap_everything, joined to the one before if they touch.
static bool note(uint64_t address, uint64_t byte_count) {
  if (range_count > 0) {
    struct range *last = &ranges[range_count - 1];
    if (last->address + last->byte_count == address) {
      last->byte_count += byte_count;
      return true;
    }
  }
  if (range_count == range_capacity) {
    size_t capacity = range_capacity * 2 + 16;
    struct range *wider = realloc(ranges, capacity * sizeof *ranges);
    if (wider == NULL) return false;
    ranges = wider;
    range_capacity = capacity;
  }
  ranges[range_count++] = (struct range){address, byte_count};
  return true;
}

bool map_exactly(uint64_t address, uint64_t byte_count, int protection) {
  void *wanted = (void *)address;
  void *got = mmap(
    wanted, byte_count, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == wanted && note(address, byte_count)) return true;
  // Kernels before 4.17 take the address as a hint.
  if (got != MAP_FAILED) munmap(got, byte_count);
  return false;
}

/// Maps those pages of regions[index] that no earlier region has.
static uint64_t map_region(const struct region *regions, size_t index) {
  const struct region *region = &regions[index];
  if (region->byte_count == 0) return 0;
  uint64_t end;
  if (__builtin_add_overflow(region->address, region->byte_count - 1, &end))
    return region->address | 1;
  for (uint64_t page = first_page(region);; page += page_size()) {
    bool mapped = is_mapped(regions, index, page);
    if (!mapped && !map_exactly(page, page_size(), PROT_READ | PROT_WRITE))
      return page == 0 ? 1 : page;
    if (page == last_page(region)) return 0;
  }
}

uint64_t map_regions(const struct region *regions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint64_t failed = map_region(regions, i);
    if (failed != 0) return failed;
  }
  for (size_t i = 0; i < count; i++) {
    const struct region *region = &regions[i];
    if (region->byte_count == 0) continue;
    // A guard only keeps others away: where one is refused, something of ours or nothing is there.
    map_exactly(first_page(region) - page_size(), page_size(), PROT_NONE);
    map_exactly(last_page(region) + page_size(), page_size(), PROT_NONE);
  }
  return 0;
}

void fill_regions(const struct region *regions, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (regions[i].contents && regions[i].byte_count > 0)
      memcpy((void *)regions[i].address, regions[i].contents, regions[i].byte_count);
}

bool has_same_pages(const struct region *one, const struct region *other) {
  if (one->byte_count == 0 || other->byte_count == 0) return one->byte_count == other->byte_count;
  return one->access == other->access && first_page(one) == first_page(other)
    && last_page(one) == last_page(other);
}

void clear_regions(const struct region *regions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (regions[i].byte_count == 0) continue;
    for (uint64_t page = first_page(&regions[i]);; page += page_size()) {
      // Several regions may be on a page.
      if (!is_mapped(regions, i, page)) {
        mprotect((void *)page, page_size(), PROT_READ | PROT_WRITE);
        memset((void *)page, 0, page_size());
      }
      if (page == last_page(&regions[i])) break;
    }
  }
}

void protect_regions(const struct region *regions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (regions[i].byte_count == 0) continue;
    for (uint64_t page = first_page(&regions[i]);; page += page_size()) {
      uint64_t access = 0;
      for (size_t j = 0; j < count; j++)
        if (is_on(&regions[j], page)) access |= regions[j].access;
      int protection = PROT_READ | (access & NATIVE_WRITE ? PROT_WRITE : 0)
        | (access & NATIVE_EXECUTE ? PROT_EXEC : 0);
      if (protection != (PROT_READ | PROT_WRITE))
        mprotect((void *)page, page_size(), protection);
      if (page == last_page(&regions[i])) break;
    }
    if (regions[i].access & NATIVE_EXECUTE)
      __builtin___clear_cache(
        (char *)regions[i].address, (char *)(regions[i].address + regions[i].byte_count));
  }
}

void unmap_everything(void) {
  for (size_t i = 0; i < range_count; i++) munmap((void *)ranges[i].address, ranges[i].byte_count);
  range_count = 0;
}
