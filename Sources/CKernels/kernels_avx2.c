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
        "avx2",    avx2_convolution, avx2_linear,  avx2_max_pool,
        avx2_relu, avx2_affine,      avx2_sigmoid, avx2_tanh,
    };
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : NULL;
}

#else

const cnn_kernels *cnn_kernels_avx2(void) { return NULL; }

#endif
