#ifndef FUZZ_SHIM_H
#define FUZZ_SHIM_H

#include <stddef.h>
#include <stdint.h>

/// Begins to count the bytes that are allocated and not yet released.
void fuzz_start_counting(void);
/// Ends counting, and returns the most bytes that there were at once.
int64_t fuzz_stop_counting(void);
/// A file in memory that holds `bytes`, or -1; `close` it.
int fuzz_memory_file(const uint8_t *bytes, size_t count);
/// Says what is wrong and stops the program, for libFuzzer to keep the input.
_Noreturn void fuzz_fail(const char *message);

#endif
