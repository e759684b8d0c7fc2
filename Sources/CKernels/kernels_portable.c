/* The kernels for the baseline of the target. */
#include "CKernels.h"

#include <math.h>
#include <string.h>

/* Vectors wider than the baseline's registers are passed only between functions that are inlined. */
#pragma clang diagnostic ignored "-Wpsabi"

#define KERNEL(name) portable_##name
#define TARGET
#include "kernels.inc"

const cnn_kernels *cnn_kernels_portable(void) {
    static const cnn_kernels table = {
        .name = "portable",
        .convolution = portable_convolution,
        .linear = portable_linear,
        .max_pool = portable_max_pool,
        .relu = portable_relu,
        .affine = portable_affine,
        .sigmoid = portable_sigmoid,
        .tanh = portable_tanh,
        .convolution_dweight = portable_convolution_dweight,
        .max_pool_indexed = portable_max_pool_indexed,
        .max_pool_scatter = portable_max_pool_scatter,
        .drelu = portable_drelu,
        .dsigmoid = portable_dsigmoid,
        .dtanh = portable_dtanh,
        .sum = portable_sum,
        .sum_of_squares = portable_sum_of_squares,
        .sum_of_products = portable_sum_of_products,
        .add = portable_add,
        .pack_rows = portable_pack_rows,
        .pack_transposed = portable_pack_transposed,
    };
    return &table;
}
