#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// Two rules keep the jumps harmless. All that changes after a setjmp lives in a structure on the heap or in the
// caller's memory, never in a local variable, so that nothing is indeterminate after a longjmp. And no foreign code
// is on the stack when libpng jumps: the row function is called from here, not from within libpng.

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

// MARK: Decoding

typedef struct {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  const cpng_span *spans;
  size_t span_count;
  size_t span_index;
  size_t span_position;
  png_bytep rows;
  size_t row_byte_count;
  uint32_t y;
  cpng_status status;
} decoder;

static void read_input(png_structp png, png_bytep output, size_t count) {
  decoder *d = png_get_io_ptr(png);
  while (count > 0) {
    if (d->span_index == d->span_count) png_error(png, "unexpected end of input");
    const cpng_span *span = &d->spans[d->span_index];
    size_t available = span->count - d->span_position;
    size_t step = count < available ? count : available;
    memcpy(output, d->bytes + span->offset + d->span_position, step);
    output += step;
    count -= step;
    d->span_position += step;
    if (d->span_position == span->count) {
      d->span_index++;
      d->span_position = 0;
    }
  }
}

static void set_limits(png_structp png, const cpng_header *header) {
  png_set_user_limits(png, header->width, header->height);
  png_set_chunk_cache_max(png, 1);
  png_set_chunk_malloc_max(png, 1 << 16);
  // Everything that libpng would let pass with a warning is an error here, and so is every bad CRC.
  png_set_benign_errors(png, 0);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  // Some encoders declare a window smaller than the one they use; zlib's own limit is enough.
  png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
  // No chunk that is not needed for the samples is looked into.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
}

static void read_header(decoder *d, const cpng_header *header) {
  png_read_info(d->png, d->info);
  if (png_get_image_width(d->png, d->info) != header->width ||
      png_get_image_height(d->png, d->info) != header->height ||
      png_get_bit_depth(d->png, d->info) != header->bit_depth ||
      png_get_color_type(d->png, d->info) != header->color_type ||
      (png_get_interlace_type(d->png, d->info) != PNG_INTERLACE_NONE) != header->is_interlaced) {
    png_error(d->png, "the header is not the expected one");
  }
  // The row function checks the indices: libpng itself would only say that one of them, somewhere, is too high.
  png_set_check_for_invalid_index(d->png, -1);
  if (header->bit_depth < 8) png_set_packing(d->png);
}

static void read_rows(decoder *d, const cpng_header *header, cpng_row_function row_function, void *context) {
  int pass_count = png_set_interlace_handling(d->png);
  png_read_update_info(d->png, d->info);
  d->row_byte_count = png_get_rowbytes(d->png, d->info);
  size_t row_count = pass_count > 1 ? header->height : 1;
  d->rows = calloc(row_count, d->row_byte_count);
  if (d->rows == NULL) {
    d->status = cpng_out_of_memory;
    return;
  }
  for (int pass = 1; pass < pass_count; pass++) {
    for (d->y = 0; d->y < header->height; d->y++) {
      png_read_row(d->png, d->rows + d->y * d->row_byte_count, NULL);
    }
  }
  for (d->y = 0; d->y < header->height; d->y++) {
    png_bytep row = pass_count > 1 ? d->rows + d->y * d->row_byte_count : d->rows;
    png_read_row(d->png, row, NULL);
    if (!row_function(context, d->y, row, d->row_byte_count)) {
      d->status = cpng_stopped;
      return;
    }
  }
  png_read_end(d->png, NULL);
}

cpng_status cpng_decode(const uint8_t *bytes, const cpng_span *spans, size_t span_count, const cpng_header *header,
                        cpng_row_function row_function, void *context, cpng_diagnosis *diagnosis) {
  memset(diagnosis, 0, sizeof *diagnosis);
  decoder *const d = calloc(1, sizeof *d);
  if (d == NULL) return cpng_out_of_memory;
  d->bytes = bytes;
  d->spans = spans;
  d->span_count = span_count;
  d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, diagnosis, on_error, on_warning);
  if (d->png != NULL) d->info = png_create_info_struct(d->png);
  if (d->info == NULL) {
    d->status = diagnosis->message[0] != 0 ? cpng_failed : cpng_out_of_memory;
  } else if (setjmp(png_jmpbuf(d->png)) == 0) {
    png_set_read_fn(d->png, d, read_input);
    set_limits(d->png, header);
    read_header(d, header);
    read_rows(d, header, row_function, context);
  } else {
    d->status = cpng_failed;
  }
  cpng_status status = d->status;
  png_destroy_read_struct(&d->png, &d->info, NULL);
  free(d->rows);
  free(d);
  return status;
}

// MARK: Encoding

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
