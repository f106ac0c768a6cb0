"""Checks and runs ONNX models in one Python process, for parity.test.ts.

Each folder given on standard input holds model.onnx and case.json {inputs: [{rows, lengths, targets, targetLengths}]}, the targets of an
encoder-decoder only. The outputs of each input come back as JSON, one line a folder, flat, with the names and shapes of the model's border
and of its inner values. Where the folder holds step graphs, the first input is also said through them, one step a call.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

OPTIONS = onnxruntime.SessionOptions()
OPTIONS.intra_op_num_threads = 1
OPTIONS.log_severity_level = 3


def border(values):
    return {value.name: [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim] for value in values}


def opened(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    return model, onnxruntime.InferenceSession(str(path), OPTIONS, providers=["CPUExecutionProvider"])


def named(session, feeds):
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, feeds)))


def data_feeds(session, given):
    first = session.get_inputs()[0]
    kind = np.int64 if first.type == "tensor(int64)" else np.float32
    return {first.name: np.array(given["rows"], dtype=kind), "lengths": np.array(given["lengths"], dtype=np.int64)}


def said_by_steps(step, tokens, states):
    """Every output of the step graph, its steps one after the other again; what the last call left is the next call's state."""
    name = step.get_inputs()[0].name
    found = []
    for at in range(tokens.shape[1]):
        outputs = named(step, {name: tokens[:, at : at + 1], **states})
        states.update({key[5:]: value for key, value in outputs.items() if key.startswith("next_")})
        found.append(outputs)
    return {
        key: np.concatenate([one[key] for one in found], axis=1) for key in ("log_probabilities", "alignment") if key in found[0]
    }


def by_steps(folder, given):
    if (folder / "decoder_step.onnx").exists():
        _, encoder = opened(folder / "encoder.onnx")
        _, step = opened(folder / "decoder_step.onnx")
        encoded = named(encoder, data_feeds(encoder, given))
        assert [one.name for one in step.get_inputs()] == ["targets", *encoded], "the step takes what the encoder gives"
        return said_by_steps(step, np.array(given["targets"]), encoded)
    if (folder / "step.onnx").exists():
        _, step = opened(folder / "step.onnx")
        tokens = np.array(given["rows"])
        zeros = {one.name: np.zeros((one.shape[0], len(tokens), one.shape[2]), np.float32) for one in step.get_inputs()[1:]}
        return said_by_steps(step, tokens, zeros)
    return None


def run(folder):
    model, session = opened(folder / "model.onnx")
    inputs = json.loads((folder / "case.json").read_text())["inputs"]
    all_outputs = []
    for given in inputs:
        feeds = data_feeds(session, given)
        if "targets" in given:
            feeds["targets"] = np.array(given["targets"], dtype=np.int64)
            feeds["target_lengths"] = np.array(given["targetLengths"], dtype=np.int64)
        all_outputs.append(named(session, feeds))
    stepwise = by_steps(folder, inputs[0])
    result = model.graph.output[0].name
    alignments = [one["alignment"] for one in (all_outputs[0], stepwise or {}) if "alignment" in one]
    return {
        "outputs": [one[result].flatten().tolist() for one in all_outputs],
        "steps": stepwise and stepwise["log_probabilities"].flatten().tolist(),
        "alignments": [one.flatten().tolist() for one in alignments] or None,
        "inputs": border(model.graph.input),
        "result": border(model.graph.output),
        "values": border(model.graph.value_info),
        "nodes": [[node.op_type, node.name] for node in model.graph.node],
        "metadata": {entry.key: entry.value for entry in model.metadata_props},
        "producer": [model.producer_name, model.graph.name],
    }


for line in sys.stdin:
    try:
        result = run(Path(line.rstrip("\n")))
    except Exception as error:  # told with the case that it belongs to
        result = {"error": repr(error)}
    print(json.dumps(result), flush=True)
