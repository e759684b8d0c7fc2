#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

// Two rules keep the jumps harmless. All that changes after a setjmp lives in a structure on the heap or in the
// caller's memory, never in a local variable, so that nothing is indeterminate after a longjmp. And no foreign code
// is on the stack when libpng jumps.

static void keep_text(char *text, size_t capacity, png_const_charp message) {
  strncpy(text, message != NULL ? message : "no reason given", capacity - 1);
  text[capacity - 1] = 0;
}

static void on_error(png_structp png, png_const_charp message) {
  cpng_diagnosis *diagnosis = png_get_error_ptr(png);
  keep_text(diagnosis->message, sizeof diagnosis->message, message);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  cpng_diagnosis *diagnosis = png_get_error_ptr(png);
  keep_text(diagnosis->warning, sizeof diagnosis->warning, message);
}

typedef struct {
  png_structp png;
  png_infop info;
  const cpng_picture *picture;
  cpng_buffer *buffer;
  png_color palette[PNG_MAX_PALETTE_LENGTH];
  uint32_t y;
  cpng_status status;
} encoder;

static void write_output(png_structp png, png_bytep bytes, size_t count) {
  encoder *e = png_get_io_ptr(png);
  cpng_buffer *buffer = e->buffer;
  if (count > buffer->capacity - buffer->count) {
    size_t capacity = buffer->capacity < 1024 ? 1024 : buffer->capacity;
    while (capacity - buffer->count < count) {
      if (capacity > SIZE_MAX / 2) png_error(png, "the output is too large");
      capacity *= 2;
    }
    uint8_t *grown = realloc(buffer->bytes, capacity);
    if (grown == NULL) png_error(png, "out of memory");
    buffer->bytes = grown;
    buffer->capacity = capacity;
  }
  memcpy(buffer->bytes + buffer->count, bytes, count);
  buffer->count += count;
}

static void flush_output(png_structp png) { (void)png; }

static int row_filters(cpng_filter filter) {
  switch (filter) {
    case cpng_filter_none: return PNG_FILTER_NONE;
    case cpng_filter_sub: return PNG_FILTER_SUB;
    case cpng_filter_up: return PNG_FILTER_UP;
    case cpng_filter_average: return PNG_FILTER_AVG;
    case cpng_filter_paeth: return PNG_FILTER_PAETH;
    case cpng_filter_adaptive: return PNG_ALL_FILTERS;
    case cpng_filter_repeats: return PNG_FILTER_NONE | PNG_FILTER_UP;
  }
  return PNG_FILTER_NONE;
}

static void set_palette(encoder *e) {
  const cpng_picture *picture = e->picture;
  // libpng checks the count, but only after it has been copied here.
  if (picture->color_count < 1 || picture->color_count > PNG_MAX_PALETTE_LENGTH)
    png_error(e->png, "a palette has from 1 to 256 colours");
  for (int index = 0; index < picture->color_count; index++) {
    const uint8_t *color = picture->palette + 3 * index;
    e->palette[index] = (png_color){.red = color[0], .green = color[1], .blue = color[2]};
  }
  png_set_PLTE(e->png, e->info, e->palette, picture->color_count);
}

static void write_rows(encoder *e) {
  const cpng_picture *picture = e->picture;
  size_t row_byte_count = (size_t)picture->width * (size_t)picture->channel_count;
  for (e->y = 0; e->y < picture->height; e->y++) {
    const uint8_t *row = picture->pixels + e->y * row_byte_count;
    // The first row comes with both filters allowed, which makes libpng keep rows for those that follow.
    if (picture->filter == cpng_filter_repeats && e->y > 0) {
      int is_repeat = memcmp(row, row - row_byte_count, row_byte_count) == 0;
      png_set_filter(e->png, PNG_FILTER_TYPE_BASE, is_repeat ? PNG_FILTER_UP : PNG_FILTER_NONE);
    }
    png_write_row(e->png, row);
  }
}

// zlib's tables are cleared for every picture, which takes longer than the rest for the smallest ones. These are as
// large as can be of use.
static int memory_level(const cpng_picture *picture) {
  uint64_t byte_count = ((uint64_t)picture->width * (uint64_t)picture->channel_count + 1) * picture->height;
  return byte_count < 1024 ? 5 : byte_count < 8192 ? 8 : 9;
}

static void write_image(encoder *e) {
  const cpng_picture *picture = e->picture;
  int color_type = picture->palette != NULL     ? PNG_COLOR_TYPE_PALETTE
                   : picture->channel_count == 1 ? PNG_COLOR_TYPE_GRAY
                                                 : PNG_COLOR_TYPE_RGB;
  png_set_user_limits(e->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(e->png, e->info, picture->width, picture->height, 8, color_type, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  if (picture->palette != NULL) set_palette(e);
  png_set_filter(e->png, PNG_FILTER_TYPE_BASE, row_filters(picture->filter));
  png_set_compression_level(e->png, picture->compression_level);
  png_set_compression_strategy(e->png, picture->search == cpng_search_runs ? Z_RLE : Z_DEFAULT_STRATEGY);
  png_set_compression_mem_level(e->png, memory_level(picture));
  png_write_info(e->png, e->info);
  write_rows(e);
  png_write_end(e->png, NULL);
}

cpng_status cpng_encode(const cpng_picture *picture, cpng_buffer *buffer, cpng_diagnosis *diagnosis) {
  memset(diagnosis, 0, sizeof *diagnosis);
  memset(buffer, 0, sizeof *buffer);
  encoder *const e = calloc(1, sizeof *e);
  if (e == NULL) return cpng_out_of_memory;
  e->picture = picture;
  e->buffer = buffer;
  e->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, diagnosis, on_error, on_warning);
  if (e->png != NULL) e->info = png_create_info_struct(e->png);
  if (e->info == NULL) {
    e->status = diagnosis->message[0] != 0 ? cpng_failed : cpng_out_of_memory;
  } else if (setjmp(png_jmpbuf(e->png)) == 0) {
    png_set_write_fn(e->png, e, write_output, flush_output);
    write_image(e);
  } else {
    e->status = cpng_failed;
  }
  cpng_status status = e->status;
  png_destroy_write_struct(&e->png, &e->info);
  free(e);
  if (status != cpng_ok) cpng_release(buffer);
  return status;
}

void cpng_release(cpng_buffer *buffer) {
  free(buffer->bytes);
  memset(buffer, 0, sizeof *buffer);
}
