#define _GNU_SOURCE
#include "Shim.h"

#include <sanitizer/allocator_interface.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// One input is read at a time, and by one thread.
static bool is_installed = false;
static bool is_counting = false;
static int64_t live = 0;
static int64_t peak = 0;

static void allocated(const volatile void *place, size_t size) {
  (void)place;
  if (!is_counting) return;
  live += (int64_t)size;
  if (live > peak) peak = live;
}

static void released(const volatile void *place) {
  if (is_counting && place) live -= (int64_t)__sanitizer_get_allocated_size(place);
}

void fuzz_start_counting(void) {
  if (!is_installed) {
    is_installed = true;
    if (!__sanitizer_install_malloc_and_free_hooks(allocated, released)) fuzz_fail("no place for hooks");
  }
  live = 0;
  peak = 0;
  is_counting = true;
}

int64_t fuzz_stop_counting(void) {
  is_counting = false;
  return peak;
}

int fuzz_memory_file(const uint8_t *bytes, size_t count) {
  int file = memfd_create("input", MFD_CLOEXEC);
  if (file < 0) return -1;
  for (size_t written = 0; written < count;) {
    ssize_t step = write(file, bytes + written, count - written);
    if (step <= 0) {
      close(file);
      return -1;
    }
    written += (size_t)step;
  }
  return file;
}

void fuzz_fail(const char *message) {
  fprintf(stderr, "FOUND: %s\n", message);
  abort();
}
