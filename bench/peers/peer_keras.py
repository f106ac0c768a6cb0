"""Keras on its TensorFlow backend: stock layers, masking where lengths differ, the train function that `fit` compiles."""

import os

import numpy
import tensorflow as tf

for set_threads in (tf.config.threading.set_intra_op_parallelism_threads, tf.config.threading.set_inter_op_parallelism_threads):
    set_threads(int(os.environ["BENCH_THREADS"]))

import keras
from protocol import serve, sgemm_gflops

LAYERS = {"rnn": keras.layers.SimpleRNN, "gru": keras.layers.GRU, "lstm": keras.layers.LSTM}


def cell_weights(tensors, cell, name):
    """Weights of one direction of one layer, from PyTorch's form: rows of gates -> columns, and Keras's own order and biases."""
    kernel, recurrent = (tensors[f"rnn.weight_{kind}_{name}"].T for kind in ("ih", "hh"))
    biases = [tensors[f"rnn.bias_{kind}_{name}"] for kind in ("ih", "hh")]
    if cell != "gru":
        return [kernel, recurrent, biases[0] + biases[1]]
    # PyTorch stacks r, z, n; Keras z, r, n. Both biases stay apart: the reset gate acts on one of them.
    r_z_n = [numpy.split(value, 3, axis=-1) for value in (kernel, recurrent, numpy.stack(biases))]
    return [numpy.concatenate([z, r, n], axis=-1) for r, z, n in r_z_n]


def build(task, tensors, ragged):
    model = keras.Sequential([keras.layers.Input((task["steps"],), dtype="int32")])
    model.add(keras.layers.Embedding(task["vocabulary"], task["embedding"], mask_zero=ragged))
    model.layers[0].set_weights([tensors["embedding.weight"]])
    for index in range(task["layers"]):
        layer = LAYERS[task["cell"]](task["hidden"], return_sequences=index < task["layers"] - 1)
        both = task["directions"] == 2
        model.add(keras.layers.Bidirectional(layer) if both else layer)
        names = [f"l{index}", f"l{index}_reverse"] if both else [f"l{index}"]
        weights = [cell_weights(tensors, task["cell"], name) for name in names]
        model.layers[-1].set_weights([array for direction in weights for array in direction])
    model.add(keras.layers.Dense(task["classes"]))
    model.layers[-1].set_weights([tensors["head.weight"].T, tensors["head.bias"]])
    return model


def load(task, tensors):
    if task["kind"] == "epoch":
        raise ValueError("epochs are compared with PyTorch only")
    keras.backend.clear_session()
    model = build(task, tensors, bool(tensors["lengths"].min() < task["steps"]))
    inputs, targets = numpy.ascontiguousarray(tensors["tokens"].T), tensors["targets"]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    if task["kind"] == "inference":
        run = tf.function(lambda tokens: model(tokens, training=False))
        batch = tf.constant(inputs)
        return lambda: float(loss(targets, run(batch)))
    model.compile(keras.optimizers.Adam(task["learningRate"], epsilon=1e-8), loss)

    def train():
        model.reset_metrics()
        return model.train_on_batch(inputs, targets)

    return train


def sgemm(size=1024):
    a = tf.random.uniform((size, size))
    return sgemm_gflops(lambda: tf.linalg.matmul(a, a).numpy(), size)


serve(f"{keras.__version__} on TensorFlow {tf.__version__}", load, sgemm)
