"""A folder that several machines see: a path, or an address that fsspec opens, e.g. s3://bucket/folder.

    python storage.py get ADDRESS NAME > FILE
    python storage.py put ADDRESS NAME < FILE
    python storage.py clear ADDRESS

A file under its name is whole at any time.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile


class Storage:
    """Files by name. An address without a scheme, or with file://, is a path."""

    def __init__(self, address: str):
        scheme, _, rest = address.partition("://")
        self.fs, self.root = None, rest if scheme == "file" else address
        if rest and scheme != "file":
            import fsspec

            self.fs, self.root = fsspec.core.url_to_fs(address)

    def place(self, name: str) -> str:
        return f"{self.root.rstrip('/')}/{name}"

    def exists(self, name: str) -> bool:
        return self.fs.exists(self.place(name)) if self.fs else os.path.exists(self.place(name))

    def put(self, path: str, name: str) -> None:
        """Copies a file there."""
        if self.fs:
            self.fs.makedirs(self.root, exist_ok=True)
            self.fs.put_file(path, self.place(name))
            return
        os.makedirs(self.root, exist_ok=True)
        shutil.copyfile(path, f"{self.place(name)}.part")
        os.replace(f"{self.place(name)}.part", self.place(name))

    def get(self, name: str, path: str) -> None:
        """Copies a file from there. OSError where there is none."""
        if self.fs:
            self.fs.get_file(self.place(name), path)
        else:
            shutil.copyfile(self.place(name), path)

    def clear(self) -> None:
        """Removes the folder, with all that it holds; nothing where there is none."""
        if not self.fs:
            shutil.rmtree(self.root, ignore_errors=True)
        elif self.fs.exists(self.root):
            self.fs.rm(self.root, recursive=True)


def main() -> None:
    action, address, *names = sys.argv[1:]
    storage = Storage(address)
    if action == "clear":
        storage.clear()
        return
    (name,) = names
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        if action == "put":
            with open(path, "wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
            storage.put(path, name)
        else:
            storage.get(name, path)
            with open(path, "rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)


if __name__ == "__main__":
    main()
