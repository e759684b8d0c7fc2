#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

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
  cpng_buffer *buffer;
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

static void write_image(encoder *e, const uint8_t *pixels, uint32_t width, uint32_t height, int channel_count,
                        cpng_filter filter, int compression_level) {
  png_set_user_limits(e->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(e->png, e->info, width, height, 8, channel_count == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  png_set_filter(e->png, PNG_FILTER_TYPE_BASE, filter == cpng_filter_none ? PNG_FILTER_NONE : PNG_ALL_FILTERS);
  png_set_compression_level(e->png, compression_level);
  png_set_compression_mem_level(e->png, 9);
  png_write_info(e->png, e->info);
  size_t row_byte_count = (size_t)width * (size_t)channel_count;
  for (e->y = 0; e->y < height; e->y++) png_write_row(e->png, pixels + e->y * row_byte_count);
  png_write_end(e->png, NULL);
}

cpng_status cpng_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channel_count, cpng_filter filter,
                        int compression_level, cpng_buffer *buffer, cpng_diagnosis *diagnosis) {
  memset(diagnosis, 0, sizeof *diagnosis);
  memset(buffer, 0, sizeof *buffer);
  encoder *const e = calloc(1, sizeof *e);
  if (e == NULL) return cpng_out_of_memory;
  e->buffer = buffer;
  e->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, diagnosis, on_error, on_warning);
  if (e->png != NULL) e->info = png_create_info_struct(e->png);
  if (e->info == NULL) {
    e->status = diagnosis->message[0] != 0 ? cpng_failed : cpng_out_of_memory;
  } else if (setjmp(png_jmpbuf(e->png)) == 0) {
    png_set_write_fn(e->png, e, write_output, flush_output);
    write_image(e, pixels, width, height, channel_count, filter, compression_level);
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
