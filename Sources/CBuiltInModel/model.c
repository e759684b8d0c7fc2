#include "CBuiltInModel.h"

#ifdef __clang__
/* #embed is of C23; compilers know it in older C too. */
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

static const unsigned char model[] = {
#embed "digits.safetensors"
};

const void *cnn_built_in_model(void) { return model; }

size_t cnn_built_in_model_size(void) { return sizeof model; }
