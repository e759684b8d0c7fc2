/* For sbrk and madvise, which are not in standard C. */
#define _DEFAULT_SOURCE

#include "CHeap.h"

#include <stdlib.h>

/* Sanitizers bring a heap of their own. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_OTHER_HEAP 1
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(HAS_OTHER_HEAP)

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* The size of a large page on x86-64, and with pages of 4 kB on ARM. */
static const uintptr_t large_page = 2 << 20;
static const int largest_block = 32 << 20;
/* More than the C library's heap has to spare at any time. */
static const uintptr_t smallest_filler = 1 << 18;

void cheap_prepare(size_t byte_count) {
  const uintptr_t end = (uintptr_t)sbrk(0);
  if (end == UINTPTR_MAX || byte_count > (size_t)largest_block) return;
  mallopt(M_MMAP_THRESHOLD, largest_block);
  mallopt(M_TRIM_THRESHOLD, largest_block);
  /* What lies before the next large page is given away, so that what follows comes from large ones; nothing of it is
     touched, so it takes no memory. The block is more than the heap has left: the heap grows by it and the pad. */
  uintptr_t start = (end / large_page + 1) * large_page;
  if (start - end < smallest_filler) start += large_page;
  mallopt(M_TOP_PAD, (int)byte_count);
  void *volatile filler = malloc(start - end);
  (void)filler;
  mallopt(M_TOP_PAD, 1 << 17);
  const uintptr_t new_end = (uintptr_t)sbrk(0);
  /* Before any of it is touched: a range with a small page in it cannot become a large one. */
  if (new_end != UINTPTR_MAX && new_end > start) madvise((void *)start, new_end - start, MADV_HUGEPAGE);
}

#else

void cheap_prepare(size_t byte_count) { (void)byte_count; }

#endif
