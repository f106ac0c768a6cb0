"""Runs exported folders' own tests in one Python process, for random-graphs.test.ts.

Each folder given on standard input is tested as `python test_parity.py` would; model.py, where there is one, is also read for names that
hide others. One JSON string a folder comes back: what went wrong, empty when nothing did.
"""

import ast
import builtins
import json
import sys
from pathlib import Path


def bound(tree):
    """Names that a function binds: its arguments and its variables, those of comprehensions too."""
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return arguments | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def hidden_names(source):
    """Names of model.py that hide a function, a class, an import or a word of Python's, or an attribute of nn.Module."""
    from torch import nn

    tree = ast.parse(source)
    outer = set(dir(builtins)) - {"_"}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            outer.add(node.name)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            outer |= {alias.asname or alias.name for alias in node.names}
    attributes = set(dir(nn.Module()))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found |= bound(node) & outer
        if isinstance(node, ast.ClassDef):
            methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            stored = {
                item.attr
                for item in ast.walk(node)
                if isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store) and isinstance(item.value, ast.Name)
            }
            found |= stored & (attributes | methods)
    return sorted(found)


def test(folder):
    for file in folder.glob("*.py"):
        sys.modules.pop(file.stem, None)
    sys.path.insert(0, str(folder))
    try:
        model = folder / "model.py"
        hidden = hidden_names(model.read_text()) if model.exists() else []
        if hidden:
            return f"names that hide others: {hidden}"
        import test_parity

        for name, run in list(vars(test_parity).items()):
            if name.startswith("test_"):
                run()
        return ""
    except Exception as error:  # told with the folder that it belongs to
        return repr(error)
    finally:
        sys.path.remove(str(folder))


sys.dont_write_bytecode = True
try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    pass  # a Python for onnxruntime alone
for line in sys.stdin:
    print(json.dumps(test(Path(line.rstrip("\n")))), flush=True)
