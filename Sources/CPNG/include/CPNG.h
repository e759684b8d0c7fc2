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
  /// No filter.
  cpng_filter_none = 0,
  /// Each row less the pixel to the left.
  cpng_filter_sub = 1,
  /// Each row less the row above.
  cpng_filter_up = 2,
  /// Each row less the mean of the pixels to the left and above.
  cpng_filter_average = 3,
  /// Each row less the one of left, above and above left that is nearest to their gradient.
  cpng_filter_paeth = 4,
  /// For each row the filter whose output has the least sum of absolute values.
  cpng_filter_adaptive = 5,
  /// Rows that repeat the one above less it, which leaves zeros; no filter for the others.
  cpng_filter_repeats = 6,
} cpng_filter;

/// What the compressor looks for.
typedef enum {
  /// Anything that was there before, up to 32 KiB back.
  cpng_search_all = 0,
  /// Runs of one byte alone. Much faster, and where filters leave hardly anything but zeros often smaller, since all
  /// else is left to the Huffman code.
  cpng_search_runs = 1,
} cpng_search;

/// A picture of 8-bit samples, and how it is to be encoded.
typedef struct {
  /// `height` rows of `width` pixels of `channel_count` samples.
  const uint8_t *pixels;
  uint32_t width;
  uint32_t height;
  /// 1: grey, or indices where there is a palette; 3: red, green, blue.
  int channel_count;
  /// Red, green and blue of each colour; null for grey and for colours without a palette.
  const uint8_t *_Nullable palette;
  /// How many colours the palette has, 1 to 256; 0 if there is none.
  int color_count;
  cpng_filter filter;
  cpng_search search;
  /// zlib's, 0 to 9.
  int compression_level;
} cpng_picture;

/// Encodes a picture.
///
/// On success `buffer` holds the file; otherwise it is left empty.
cpng_status cpng_encode(const cpng_picture *picture, cpng_buffer *buffer, cpng_diagnosis *diagnosis);

/// Frees what `buffer` holds and leaves it empty.
void cpng_release(cpng_buffer *buffer);

#pragma clang assume_nonnull end
