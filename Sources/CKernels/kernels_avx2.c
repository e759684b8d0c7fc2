/* The kernels for x86-64 processors with AVX2 and FMA. */
#include "CKernels.h"

#if defined(__x86_64__)

#include <math.h>
#include <string.h>

#define KERNEL(name) avx2_##name
#define TARGET __attribute__((target("avx2,fma")))
#include "kernels.inc"

const cnn_kernels *cnn_kernels_avx2(void) {
    static const cnn_kernels table = {
        .name = "avx2",
        .convolution = avx2_convolution,
        .linear = avx2_linear,
        .max_pool = avx2_max_pool,
        .relu = avx2_relu,
        .affine = avx2_affine,
        .sigmoid = avx2_sigmoid,
        .tanh = avx2_tanh,
        .convolution_dweight = avx2_convolution_dweight,
        .max_pool_indexed = avx2_max_pool_indexed,
        .max_pool_scatter = avx2_max_pool_scatter,
        .drelu = avx2_drelu,
        .dsigmoid = avx2_dsigmoid,
        .dtanh = avx2_dtanh,
        .sum = avx2_sum,
        .sum_of_squares = avx2_sum_of_squares,
        .sum_of_products = avx2_sum_of_products,
        .add = avx2_add,
        .pack_rows = avx2_pack_rows,
        .pack_transposed = avx2_pack_transposed,
    };
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : NULL;
}

#else

const cnn_kernels *cnn_kernels_avx2(void) { return NULL; }

#endif
