#ifndef CBUILTINMODEL_H
#define CBUILTINMODEL_H

#include <stddef.h>

/* The model file that is part of the program: digits.safetensors beside the source, byte for byte. */
const void *cnn_built_in_model(void);
/* How many bytes it has. */
size_t cnn_built_in_model_size(void);

#endif
