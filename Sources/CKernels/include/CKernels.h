/* The inner loops of the engine.
 *
 * Every function works on buffers that the caller owns; nothing here allocates, does I/O or decides anything.
 * All of them are compiled twice or more from one source (kernels.inc): for the baseline of the target and for
 * wider instruction sets, which a caller picks at run time through a table.
 *
 * Within one table every result depends only on the values that go into it: each output element is summed in
 * one fixed order, whatever stands beside it in the batch or in the vector. Between tables the last bits differ.
 */
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "SquareRoot.h"

/* Lanes of a vector, and so the number of output pixels of a slot. */
#define CNN_LANES 8
/* Output channels that a convolution computes at a time; its packed weights are padded to a multiple. */
#define CNN_CONV_CHANNELS 4
/* Slots that it computes at a time. With four channels that makes eight sums, enough to hide the latency of a
 * multiply-add; with twelve the compiler runs out of registers, and the kernel was half as fast. */
#define CNN_CONV_SLOTS 2
/* Outputs of a linear layer that stand side by side in its packed weights. */
#define CNN_LINEAR_PANEL 16
/* Floats that must be readable behind every input buffer, since vectors may reach over its end. */
#define CNN_SLACK 64

/* What is applied to each sum before it is stored. */
enum cnn_activation { CNN_IDENTITY = 0, CNN_RELU = 1 };

/* A group of a convolution, laid out by the caller.
 *
 * The output plane is cut into slots: up to CNN_LANES pixels of one row each. For slot s and tap t (a position
 * of the kernel) the inputs of its pixels are the CNN_LANES floats at
 *     input + channel * input_plane + slot_input[s] + tap_offset[t],
 * which the caller has arranged to be contiguous whatever stride, dilation and padding are.
 */
typedef struct cnn_convolution {
    int32_t input_channels;        /* of the group */
    int32_t output_channels;       /* of the group */
    int32_t input_plane;           /* floats from one input channel to the next */
    int32_t output_plane;          /* floats from one output channel to the next */
    int32_t tap_count;             /* kernel height times kernel width */
    int32_t slot_count;
    const int32_t *tap_offset;     /* [tap_count] */
    const int32_t *slot_input;     /* [slot_count] */
    const int32_t *slot_output;    /* [slot_count] */
    const int32_t *slot_lanes;     /* [slot_count], 1 ... CNN_LANES */
    enum cnn_activation activation;
} cnn_convolution;

/* A pooling window over planes of height x width. Padding counts as minus infinity. */
typedef struct cnn_pooling {
    int32_t planes;
    int32_t height, width;
    int32_t output_height, output_width;
    int32_t kernel_height, kernel_width;
    int32_t stride_height, stride_width;
    int32_t padding_top, padding_left;
} cnn_pooling;

typedef struct cnn_kernels {
    /* The instruction set: "portable", "avx2". */
    const char *name;

    /* One image, one group. `weight`: [ceil(O / 4)][I][taps][4]; `bias`: [ceil(O / 4) * 4];
     * sums run over input channels, then taps, from the bias on. */
    void (*convolution)(const cnn_convolution *shape, const float *input, const float *weight,
                        const float *bias, float *output);

    /* output[r][o] = bias[o] + sum over k of input[r][k] * weight[o][k], k ascending.
     * `weight`: [ceil(O / 16)][K][16]; `bias`: [ceil(O / 16) * 16]; rows of output are `output_pitch` apart. */
    void (*linear)(int32_t rows, int32_t inputs, int32_t outputs, int32_t output_pitch, const float *input,
                   const float *weight, const float *bias, enum cnn_activation activation, float *output);

    /* The greatest value of each window; NaN where a window holds one. */
    void (*max_pool)(const cnn_pooling *shape, const float *input, float *output);

    /* output[i] = max(input[i], 0); NaN stays. In place is fine, as for all functions below. */
    void (*relu)(size_t count, const float *input, float *output);

    /* output[i] = input[i] * scale + shift. */
    void (*affine)(size_t count, const float *input, float scale, float shift, float *output);

    /* output[i] = 1 / (1 + exp(-input[i])). */
    void (*sigmoid)(size_t count, const float *input, float *output);

    /* output[i] = tanh(input[i]). */
    void (*tanh)(size_t count, const float *input, float *output);

    /* Backward. A gradient is called d and the name of what it is the gradient of. */

    /* Adds one group's share of the kernels' gradient over `images` images to dweight, [O][I][taps]:
     * for each element the sum over images, slots and lanes of doutput * input. `input` is laid out as for
     * `convolution`, images `input_stride` apart; `doutput` is [O][slots][CNN_LANES] with zeros in the lanes
     * that a slot does not have, images `doutput_stride` apart. */
    void (*convolution_dweight)(const cnn_convolution *shape, int32_t images, const float *input,
                                ptrdiff_t input_stride, const float *doutput, ptrdiff_t doutput_stride,
                                float *dweight);

    /* As max_pool, and notes the place of the greatest value in each window, row by row from 0;
     * the first of equals. */
    void (*max_pool_indexed)(const cnn_pooling *shape, const float *input, float *output, uint16_t *index);

    /* dinput (zero before) += doutput where the greatest values were. */
    void (*max_pool_scatter)(const cnn_pooling *shape, const float *doutput, const uint16_t *index,
                             float *dinput);

    /* dinput = doutput where output > 0, else 0; d of max(x, 0). In place is fine, also below. */
    void (*drelu)(size_t count, const float *output, const float *doutput, float *dinput);
    /* dinput = doutput * output * (1 - output). */
    void (*dsigmoid)(size_t count, const float *output, const float *doutput, float *dinput);
    /* dinput = doutput * (1 - output^2). */
    void (*dtanh)(size_t count, const float *output, const float *doutput, float *dinput);

    /* The sum of x[i], of (x[i] - shift)^2, and of x[i] * (y[i] - shift): eight lanes, added as a tree. */
    float (*sum)(size_t count, const float *x);
    float (*sum_of_squares)(size_t count, const float *x, float shift);
    float (*sum_of_products)(size_t count, const float *x, const float *y, float shift);

    /* to[i] += from[i]. */
    void (*add)(size_t count, const float *from, float *to);

    /* Panels for `linear`: from [K][N] row by row, and from its transpose [N][K].
     * `packed`: [ceil(N / 16)][K][16], zeros behind N. */
    void (*pack_rows)(int32_t k, int32_t n, const float *from, float *packed);
    void (*pack_transposed)(int32_t k, int32_t n, const float *from, float *packed);
} cnn_kernels;

/* The table for the target's baseline; runs everywhere. */
const cnn_kernels *cnn_kernels_portable(void);
/* The table for AVX2 with FMA, or NULL where the processor or the target has none. */
const cnn_kernels *cnn_kernels_avx2(void);

/* Makes the calling thread treat denormal numbers as zero, and gives what cnn_denormals_restore takes back. */
uint64_t cnn_denormals_flush(void);
void cnn_denormals_restore(uint64_t state);

/* How many processors this process may run on, at least 1. */
int32_t cnn_processor_count(void);

#endif
