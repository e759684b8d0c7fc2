/* The inner loops of the engine.
 *
 * Every function works on buffers that the caller owns; nothing here allocates, does I/O or decides anything.
 * All of them are compiled twice or more from one source (kernels.inc): for the baseline of the target and for
 * wider instruction sets, which a caller picks at run time through a table.
 *
 * Within one table every result depends only on the values that go into it: each output element is summed in
 * one fixed order, whatever stands beside it in the batch or in the vector. The tables for AVX2 and AVX-512 give the
 * same bits; those of the portable one, which has no fused multiply-add, may differ in the last.
 */
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "SquareRoot.h"

/* Images of a block: block kernels keep the same number of so many images side by side, [...shape][CNN_BLOCK].
 * An image alone keeps so many channels side by side: [ceil(C / CNN_BLOCK)][H][W][CNN_BLOCK]. */
#define CNN_BLOCK 16
/* Rows of a convolution's output that are held before they are pooled; even. */
#define CNN_BAND 4
/* Output channels that any set computes at a time, at most. */
#define CNN_BLOCK_CHANNELS 8
/* Floats between the places of Winograd's tiles, so that they don't fall on the same lines of a cache. */
#define CNN_WINOGRAD_GAP 16
/* Floats that must be readable behind every input buffer, since vectors may reach over its end. */
#define CNN_SLACK 64

/* What is applied to each sum before it is stored. */
enum cnn_activation { CNN_IDENTITY = 0, CNN_RELU = 1 };

/* A pooling window over planes of height x width. Padding counts as minus infinity. */
typedef struct cnn_pooling {
    int32_t planes;
    int32_t height, width;
    int32_t output_height, output_width;
    int32_t kernel_height, kernel_width;
    int32_t stride_height, stride_width;
    int32_t padding_top, padding_left;
} cnn_pooling;

/* Outputs along one axis that see the same kernel positions, and where they find their inputs.
 *
 * Output number n, at output + n * output_step, sees `taps` kernel positions: number t, at tap + t * tap_step, finds
 * its input at input + n * input_step + t * tap_input. Forward these are the outputs of a convolution; for the
 * gradient of its input they are the inputs.
 */
typedef struct cnn_run {
    int32_t count, output, output_step;
    int32_t input, input_step;
    int32_t taps, tap, tap_step, tap_input;
} cnn_run;

/* A group of a convolution over a block of images, or over one. */
typedef struct cnn_block_convolution {
    int32_t input_channels;        /* of the group */
    int32_t output_channels;       /* of the group */
    int32_t input_height, input_width;
    int32_t output_height, output_width;
    int32_t kernel_height, kernel_width;
    int32_t row_runs, column_runs;
    const cnn_run *runs;           /* those of the rows, then those of the columns */
    cnn_run all_columns;           /* the columns as one run, as if the padding were there: `input` may be negative */
    enum cnn_activation activation;
} cnn_block_convolution;

/* Where an image's channels are: channel c at first + c = q * together + r at q * group + r, positions apart. */
typedef struct cnn_channels {
    int32_t first;                 /* where a group's channels begin */
    int32_t together;              /* CNN_BLOCK, or 1 for an image that is [C][H][W] */
    ptrdiff_t group, position;
} cnn_channels;

/* A product: result[i][j] = bias[i] + sum over outer, then inner of left * right, where each j is CNN_BLOCK columns
 * side by side. Distances are in floats. */
typedef struct cnn_product {
    int32_t rows;
    int32_t columns;               /* in CNN_BLOCK */
    int32_t last_lanes;            /* how many of the last CNN_BLOCK columns are stored */
    int32_t outer, inner;
    ptrdiff_t left_row, left_outer, left_inner;
    ptrdiff_t right_column, right_outer, right_inner;
    ptrdiff_t result_row, result_column;
    enum cnn_activation activation;
} cnn_product;

/* A convolution of 3 x 3 kernels, stride and dilation 1, one group, by Winograd's F(2 x 2, 3 x 3).
 *
 * Tiles of 2 x 2 outputs, or of one output where windows of 2 x 2 are pooled, counted row by row. */
typedef struct cnn_winograd {
    int32_t input_channels, output_channels;
    int32_t input_height, input_width;
    int32_t output_height, output_width;   /* before the pooling */
    int32_t padding_top, padding_left;     /* negative where the first inputs are left out */
    int32_t tile_rows, tile_columns;
    int32_t band;                          /* how many tiles are in the working memory at a time, at most */
    int32_t is_pooled;                     /* whether the greatest value of each tile is what is stored */
    enum cnn_activation activation;
} cnn_winograd;

typedef struct cnn_kernels {
    /* The instruction set: "portable", "avx2", "avx512". */
    const char *name;

    /* output[i] = max(input[i], 0); NaN stays. In place is fine, as for all functions below. */
    void (*relu)(size_t count, const float *input, float *output);

    /* output[i] = input[i] * scale + shift. */
    void (*affine)(size_t count, const float *input, float scale, float shift, float *output);

    /* output[i] = 1 / (1 + exp(-input[i])). */
    void (*sigmoid)(size_t count, const float *input, float *output);

    /* output[i] = tanh(input[i]). */
    void (*tanh)(size_t count, const float *input, float *output);

    /* Backward. A gradient is called d and the name of what it is the gradient of. */

    /* dinput = doutput where output > 0, else 0; d of max(x, 0). In place is fine, also below. */
    void (*drelu)(size_t count, const float *output, const float *doutput, float *dinput);
    /* dinput = doutput * output * (1 - output). */
    void (*dsigmoid)(size_t count, const float *output, const float *doutput, float *dinput);
    /* dinput = doutput * (1 - output^2). */
    void (*dtanh)(size_t count, const float *output, const float *doutput, float *dinput);

    /* to[i] += from[i]. */
    void (*add)(size_t count, const float *from, float *to);

    /* One image alone. Sums run in the same order as for blocks: the same bits. */

    /* The kernels of a group, [O][I][taps], in the order that single_convolution reads them, with zeros for the
     * channels up to a multiple of CNN_BLOCK. */
    void (*pack_single)(const cnn_block_convolution *shape, const float *weight, float *packed);

    /* Rows first_row ..< end_row of the output; `bias` and `output` have channels up to a multiple of CNN_BLOCK. */
    void (*single_convolution)(const cnn_block_convolution *shape, const cnn_channels *from, int32_t first_row,
                               int32_t end_row, const float *input, const float *weight, const float *bias,
                               float *output);

    /* output[o] = bias[o] + sum over k of input[k] * weight[o][k], k ascending. `weight`: [ceil(O / 16)][K][16];
     * `bias` and `output` go up to a multiple of 16. */
    void (*single_linear)(int32_t inputs, int32_t outputs, const float *input, const float *weight, const float *bias,
                          enum cnn_activation activation, float *output);

    /* output = input * scale + shift, each [groups * 16] over [groups][positions][16]. */
    void (*single_affine)(ptrdiff_t positions, int32_t groups, const float *input, const float *scale,
                          const float *shift, float *output);

    /* Blocks of images. */

    /* [rows][columns] to [columns][rows]; rows of `from` and of `to` are their pitch apart. */
    void (*transpose)(int32_t rows, int32_t columns, const float *from, ptrdiff_t from_pitch, float *to,
                      ptrdiff_t to_pitch);

    /* The kernels of a group, [O][I][taps], in the order that block_convolution reads them. */
    void (*pack_convolution)(const cnn_block_convolution *shape, const float *weight, float *packed);

    /* Rows first_row ..< end_row of one group: sums run over input channels, then kernel rows, then kernel columns,
     * from the bias on; what lies in the padding is left out. */
    void (*block_convolution)(const cnn_block_convolution *shape, int32_t first_row, int32_t end_row,
                              const float *input, const float *weight, const float *bias, float *output);

    /* The same, and right away the greatest value of each 2 x 2 window, with its place (0 ... 3) where `index` is
     * not NULL. Rows are those of the windows. The activation comes after the pooling.
     * `scratch`: CNN_BLOCK_CHANNELS * CNN_BAND rows of output. */
    void (*block_convolution_pooled)(const cnn_block_convolution *shape, int32_t first_row, int32_t end_row,
                                     const float *input, const float *weight, const float *bias, float *scratch,
                                     float *output, uint16_t *index);

    /* Adds a block's share of the gradient of the kernels for input channels first_channel ..< end_channel to dweight,
     * [O][I][taps]: for each image a sum over positions, the images added as a tree.
     * `scratch`: (CNN_BLOCK_CHANNELS * taps + CNN_BLOCK) * CNN_BLOCK floats, and behind them, where there are several column runs, a plane of the input with its left and right padding. */
    void (*block_convolution_dweight)(const cnn_block_convolution *shape, int32_t first_channel,
                                      int32_t end_channel, const float *input, const float *doutput, float *scratch,
                                      float *dweight);

    /* See cnn_product; `bias` may be NULL. */
    void (*block_product)(const cnn_product *shape, const float *left, const float *right, const float *bias,
                          float *result);

    /* Winograd's algorithm for one image alone: some of the tiles. For each of the 16 places of a tile a sum over input
     * channels in order, from zero on; transforms go along the columns of a tile first, then along its rows, and the
     * bias is added last. `weight`: for each place the transformed kernels [O][I] as `pack_single` brings them in
     * order, `bias` as there. `scratch`: twice 16 places, of the inputs and of the sums, each with `band` floats for
     * every channel, counted up to a multiple of CNN_BLOCK, and CNN_WINOGRAD_GAP more. */
    void (*single_winograd)(const cnn_winograd *shape, int32_t first_tile, int32_t end_tile, const float *input,
                            const float *weight, const float *bias, float *scratch, float *output);

    /* The same for a block, with the same bits. `weight` as `pack_convolution` brings it in order, `bias` for each
     * channel. `scratch` likewise, with band * CNN_BLOCK floats for every channel. `index`: where tiles are pooled the
     * place of each greatest value (0 ... 3), or NULL. */
    void (*block_winograd)(const cnn_winograd *shape, int32_t first_tile, int32_t end_tile, const float *input,
                           const float *weight, const float *bias, float *scratch, float *output, uint16_t *index);

    /* As block_convolution_dweight, for a convolution that is not pooled; the sums of a band of tiles are added up over
     * tiles, then images, then bands. `scratch`, in floats: 16 * (I * O + CNN_WINOGRAD_GAP), for I the channels that
     * are asked for, (8 * O + CNN_BLOCK) * CNN_BLOCK, and as for block_winograd. */
    void (*block_winograd_dweight)(const cnn_winograd *shape, int32_t first_channel, int32_t end_channel,
                                   const float *input, const float *doutput, float *scratch, float *dweight);

    /* Also for the channel groups of one image. The greatest value of each window, NaN where it holds one, and,
     * unless `index` is NULL, its place in the window, row by row from 0; the first of equals. */
    void (*block_max_pool)(const cnn_pooling *shape, const float *input, float *output, uint16_t *index);

    /* dinput = doutput added where the greatest values were, else 0. */
    void (*block_unpool)(const cnn_pooling *shape, const float *doutput, const uint16_t *index, float *dinput);

    /* For each of CNN_BLOCK images the sum of x, of (x - shift)^2 and of x * (y - shift) over positions. */
    void (*lane_sums)(ptrdiff_t positions, const float *x, float *sums);
    void (*lane_squares)(ptrdiff_t positions, const float *x, float shift, float *sums);
    void (*lane_products)(ptrdiff_t positions, const float *x, const float *y, float shift, float *sums);
} cnn_kernels;

/* The table for the target's baseline; runs everywhere. */
const cnn_kernels *cnn_kernels_portable(void);
/* The table for AVX2 with FMA, or NULL where the processor or the target has none. */
const cnn_kernels *cnn_kernels_avx2(void);
/* The table for AVX-512 (F, VL, BW, DQ), or NULL likewise. Its results are those of the AVX2 table to the bit. */
const cnn_kernels *cnn_kernels_avx512(void);

/* Makes the calling thread treat denormal numbers as zero, and gives what cnn_denormals_restore takes back. */
uint64_t cnn_denormals_flush(void);
void cnn_denormals_restore(uint64_t state);

/* What a thread does between two looks at something that another one is about to change. */
static inline void cnn_spin_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* How many processors this process may run on, at least 1. */
int32_t cnn_processor_count(void);

#endif
