"""Checks and runs ONNX models in one Python process, for parity.test.ts.

Each folder given on standard input holds model.onnx and case.json {inputs: [{rows, lengths}], perStep}. The outputs of each input come
back as JSON, one line a folder, flat, with the names and shapes of the model's border and of its inner values.
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
    return {
        value.name: [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim] for value in values
    }


def run(folder):
    path = folder / "model.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(str(path), OPTIONS, providers=["CPUExecutionProvider"])
    outputs = []
    for given in json.loads((folder / "case.json").read_text())["inputs"]:
        first = session.get_inputs()[0]
        kind = np.int64 if first.type == "tensor(int64)" else np.float32
        feeds = {first.name: np.array(given["rows"], dtype=kind), "lengths": np.array(given["lengths"], dtype=np.int64)}
        (output,) = session.run(None, feeds)
        outputs.append(output.flatten().tolist())
    return {
        "outputs": outputs,
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
