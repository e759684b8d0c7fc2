/* For sbrk and madvise, which are not in standard C. */
#define _DEFAULT_SOURCE

#include "CHeap.h"

#include <stdlib.h>

#if defined(__linux__) && defined(__GLIBC__)

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* The size of a large page on x86-64, and with pages of 4 kB on ARM. */
static const uintptr_t large_page = 2 << 20;
static const int largest_block = 32 << 20;

void cheap_prepare(size_t byte_count) {
  mallopt(M_MMAP_THRESHOLD, largest_block);
  mallopt(M_TRIM_THRESHOLD, largest_block);
  /* The heap grows now by the block and the pad behind it, and as usual from then on. */
  mallopt(M_TOP_PAD, (int)byte_count);
  void *volatile block = malloc(large_page);
  free(block);
  mallopt(M_TOP_PAD, 1 << 17);
  const uintptr_t end = (uintptr_t)sbrk(0);
  if (end == UINTPTR_MAX || end < byte_count) return;
  const uintptr_t start = (end - byte_count) / large_page * large_page;
  madvise((void *)start, end - start, MADV_HUGEPAGE);
}

#else

void cheap_prepare(size_t byte_count) { (void)byte_count; }

#endif
