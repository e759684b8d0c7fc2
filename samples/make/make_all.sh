#!/bin/sh
# Make every sample again, byte for byte, in the folder given (default: the folder above this one).
#
#     python3 -m venv .venv && .venv/bin/pip install -r samples/make/requirements.txt
#     PYTHON=.venv/bin/python samples/make/make_all.sh [FOLDER]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$(dirname "$here")}
python=${PYTHON:-python3}
mkdir -p "$output"

# One thread and one set of kernels, so that the training sums up in the same order on every x86-64 machine with AVX2.
export OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell
export NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR"

"$python" "$here/make_pngs.py" "$output/digits"
"$python" "$here/make_number.py" "$output/number.png"
"$python" "$here/make_idx.py" "$output"
"$python" "$here/make_dataset_pickle.py" "$output/mnist_sample.pkl"
"$python" "$here/make_weights.py" "$output/simple_convnet_params.pkl"
