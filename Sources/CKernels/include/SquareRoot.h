/* A square root that the compiler may compute for several numbers at a time. */
#ifndef CNN_SQUARE_ROOT_H
#define CNN_SQUARE_ROOT_H

/* The same bits as sqrtf, without its errno, which is what keeps loops around sqrtf (and around Swift's squareRoot())
 * from being vectorised. */
static inline float cnn_square_root(float x) {
#if __has_builtin(__builtin_elementwise_sqrt)
    return __builtin_elementwise_sqrt(x);
#else
    return __builtin_sqrtf(x);
#endif
}

#endif
