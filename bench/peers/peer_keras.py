"""Keras on its TensorFlow backend: stock layers, masking where lengths differ, the train function that `fit` compiles."""

import os
import time

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


class MaskedMax(keras.layers.Layer):
    """The largest value over the real steps, which Keras's own pooling has not."""

    supports_masking = True

    def call(self, sequence, mask=None):
        if mask is not None:
            sequence = tf.where(mask[..., None], sequence, sequence.dtype.min)
        return tf.reduce_max(sequence, axis=1)

    def compute_mask(self, _, mask=None):
        return None


def build(task, tensors, ragged, steps):
    """`steps` is None where batches differ in length."""
    model = keras.Sequential([keras.layers.Input((steps,), dtype="int32")])
    model.add(keras.layers.Embedding(task["vocabulary"], task["embedding"], mask_zero=ragged))
    model.layers[0].set_weights([tensors["embedding.weight"]])
    for index in range(task["layers"]):
        layer = LAYERS[task["cell"]](task["hidden"], return_sequences=index < task["layers"] - 1 or task["head"] != "last")
        both = task["directions"] == 2
        model.add(keras.layers.Bidirectional(layer) if both else layer)
        names = [f"l{index}", f"l{index}_reverse"] if both else [f"l{index}"]
        weights = [cell_weights(tensors, task["cell"], name) for name in names]
        model.layers[-1].set_weights([array for direction in weights for array in direction])
    if task["head"] == "max":
        model.add(MaskedMax())
    model.add(keras.layers.Dense(task["classes"]))
    model.layers[-1].set_weights([tensors["head.weight"].T, tensors["head.bias"]])
    return model


def load(task, tensors):
    keras.backend.clear_session()
    if task["kind"] == "epoch":
        return epoch(task, tensors)
    model = build(task, tensors, bool(tensors["lengths"].min() < task["steps"]), task["steps"])
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


def epoch(task, tensors):
    """`fit` over a tf.data pipeline that pads batches from encoded examples in memory; the weights are set back each time."""
    model = build(task, tensors, True, None)
    optimizer = keras.optimizers.Adam(task["learningRate"], epsilon=1e-8, global_clipnorm=task["clipNorm"])
    # A step compiled by XLA would be compiled again for each length.
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    optimizer.build(model.trainable_variables)
    variables = [*model.variables, *optimizer.variables]
    initial = [variable.numpy() for variable in variables]
    per_step = task["head"] == "every-step"
    tokens = tf.RaggedTensor.from_row_splits(tensors["tokens"], tensors["offsets"])
    targets = tf.RaggedTensor.from_row_splits(tensors["targets"], tensors["offsets"]) if per_step else tensors["targets"]
    ends = tensors["batchEnds"]
    rows = tf.RaggedTensor.from_row_splits(tensors["order"], numpy.concatenate([[0], ends]).astype("int32"))

    def batch(examples):
        said = tf.gather(targets, examples)
        return tf.gather(tokens, examples).to_tensor(), said.to_tensor() if per_step else said

    data = tf.data.Dataset.from_tensor_slices(rows).map(batch, tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)

    def run():
        for variable, value in zip(variables, initial):
            variable.assign(value)
        start = time.perf_counter()
        history = model.fit(data, epochs=1, verbose=0)
        return (time.perf_counter() - start) * 1000, history.history["loss"][0]

    return run


def sgemm(size=1024):
    a = tf.random.uniform((size, size))
    return sgemm_gflops(lambda: tf.linalg.matmul(a, a).numpy(), size)


serve(f"{keras.__version__} on TensorFlow {tf.__version__}", load, sgemm)
