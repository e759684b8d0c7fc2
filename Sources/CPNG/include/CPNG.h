#pragma once

#include <stddef.h>
#include <stdint.h>

/// libpng behind two functions that neither jump nor abort: every `setjmp` and every `longjmp` stay in CPNG.c.

#pragma clang assume_nonnull begin

/// How a call ended.
typedef enum {
  /// All went well.
  cpng_ok = 0,
  /// libpng refused; `message` says why.
  cpng_failed = 1,
  /// There was not enough memory.
  cpng_out_of_memory = 2,
  /// The row function asked to stop.
  cpng_stopped = 3,
} cpng_status;

/// What libpng said on the way; both are empty strings where it said nothing.
typedef struct {
  char message[128];
  char warning[128];
} cpng_diagnosis;

/// A part of the input.
typedef struct {
  size_t offset;
  size_t count;
} cpng_span;

/// What the caller has already found in the header, and will not exceed.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint8_t bit_depth;
  uint8_t color_type;
  uint8_t is_interlaced;
} cpng_header;

/// Takes row `y`; returns 0 to stop. The row is valid during the call only.
typedef int (*cpng_row_function)(void *context, uint32_t y, const uint8_t *row, size_t row_byte_count);

/// Decodes the PNG that `spans` of `bytes` make when joined, and calls `row_function` for each row from the top.
///
/// Rows are as the file has them, unfiltered and no longer interlaced: one byte a sample up to 8 bits (1, 2 and 4
/// bits unpacked, not scaled), two bytes, high first, for 16 bits; palette indices stay indices. Nothing is allocated
/// but a row for plain images, and all rows for interlaced ones. `header` is what the file must say and what limits
/// are set from; a file that says otherwise fails.
cpng_status cpng_decode(const uint8_t *bytes, const cpng_span *spans, size_t span_count, const cpng_header *header,
                        cpng_row_function row_function, void *context, cpng_diagnosis *diagnosis);

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
