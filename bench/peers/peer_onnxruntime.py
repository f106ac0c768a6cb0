"""onnxruntime: embedding, RNN, GRU or LSTM and a linear head as one ONNX graph with our weights, forwards only."""

import os

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from protocol import serve

OPERATORS = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
# Where ONNX's gates stand among PyTorch's.
GATES = {"rnn": [0], "gru": [1, 0, 2], "lstm": [0, 3, 1, 2]}


def stacked(tensors, name, cell, directions):
    """One weight of every direction, with its gates in ONNX's order."""
    found = []
    for suffix in ["", "_reverse"][:directions]:
        gates = numpy.split(tensors[name + suffix], len(GATES[cell]))
        found.append(numpy.concatenate([gates[gate] for gate in GATES[cell]]))
    return numpy.stack(found)


def graph(task, tensors):
    nodes, constants = [], []

    def constant(name, array):
        constants.append(numpy_helper.from_array(numpy.ascontiguousarray(array), name))
        return name

    cell, directions = task["cell"], task["directions"]
    nodes.append(helper.make_node("Gather", [constant("table", tensors["embedding.weight"]), "tokens"], ["x0"]))
    width = directions * task["hidden"]
    for layer in range(task["layers"]):
        weight, recurrent, input_bias, hidden_bias = (
            stacked(tensors, f"rnn.{name}_l{layer}", cell, directions) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        inputs = [
            f"x{layer}",
            constant(f"w{layer}", weight),
            constant(f"r{layer}", recurrent),
            constant(f"b{layer}", numpy.concatenate([input_bias, hidden_bias], 1)),
            "lengths",
        ]
        settings = {"hidden_size": task["hidden"], "direction": "bidirectional" if directions == 2 else "forward"}
        if cell == "gru":
            settings["linear_before_reset"] = 1
        nodes.append(helper.make_node(OPERATORS[cell], inputs, [f"y{layer}", f"last{layer}"], **settings))
        nodes.append(helper.make_node("Transpose", [f"y{layer}"], [f"t{layer}"], perm=[0, 2, 1, 3]))
        shape = constant(f"shape{layer}", numpy.array([0, 0, width], numpy.int64))
        nodes.append(helper.make_node("Reshape", [f"t{layer}", shape], [f"x{layer + 1}"]))
    top = task["layers"] - 1
    nodes.append(helper.make_node("Transpose", [f"last{top}"], ["turned"], perm=[1, 0, 2]))
    nodes.append(helper.make_node("Reshape", ["turned", constant("flat", numpy.array([0, width], numpy.int64))], ["h"]))
    head = [constant("head", tensors["head.weight"]), constant("head_bias", tensors["head.bias"])]
    nodes.append(helper.make_node("Gemm", ["h", *head], ["logits"], transB=1))
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, ["T", "B"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"]),
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["B", task["classes"]])]
    made = helper.make_graph(nodes, "bench", inputs, outputs, constants)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def load(task, tensors):
    if task["kind"] != "inference" or task["own"] is not None or task["head"] != "last" or task["form"] != "reset-after":
        raise ValueError("onnxruntime only runs forwards, from the last state")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ["BENCH_THREADS"])
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph(task, tensors).SerializeToString(), options, providers=["CPUExecutionProvider"])
    given = {"tokens": tensors["tokens"].astype(numpy.int64), "lengths": tensors["lengths"].astype(numpy.int32)}
    targets = tensors["targets"]

    def infer():
        (logits,) = session.run(["logits"], given)
        largest = logits.max(1, keepdims=True)
        sums = numpy.log(numpy.exp(logits - largest).sum(1)) + largest[:, 0]
        return float((sums - logits[numpy.arange(len(targets)), targets]).mean())

    return infer


def sgemm():
    raise ValueError("onnxruntime multiplies within graphs only")


serve(onnxruntime.__version__, load, sgemm)
