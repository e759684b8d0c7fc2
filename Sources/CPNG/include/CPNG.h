#pragma once

#include <stddef.h>
#include <stdint.h>

/// libpng's encoder behind a function that neither jumps nor aborts: every `setjmp` and every `longjmp` stay in CPNG.c.

#pragma clang assume_nonnull begin

/// How a call ended.
typedef enum {
  /// All went well.
  cpng_ok = 0,
  /// libpng refused; `message` says why.
  cpng_failed = 1,
  /// There was not enough memory.
  cpng_out_of_memory = 2,
} cpng_status;

/// What libpng said on the way; both are empty strings where it said nothing.
typedef struct {
  char message[128];
  char warning[128];
} cpng_diagnosis;

/// Bytes that CPNG has allocated; `cpng_release` frees them.
typedef struct {
  uint8_t *_Nullable bytes;
  size_t count;
  size_t capacity;
} cpng_buffer;

/// How the encoder chooses the filter of each row.
typedef enum {
  /// No filter: best for pictures of few, flat tones.
  cpng_filter_none = 0,
  /// The filter whose output has the least sum of absolute values: best for continuous tones.
  cpng_filter_adaptive = 1,
} cpng_filter;

/// Encodes `height` rows of `width` pixels of `channel_count` (1: grey, 3: red, green, blue) 8-bit samples.
///
/// On success `buffer` holds the file; otherwise it is left empty.
cpng_status cpng_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channel_count, cpng_filter filter,
                        int compression_level, cpng_buffer *buffer, cpng_diagnosis *diagnosis);

/// Frees what `buffer` holds and leaves it empty.
void cpng_release(cpng_buffer *buffer);

#pragma clang assume_nonnull end
