"""Hugging Face datasets and tokenizers doing what the app does with a file: read it, split it, learn the vocabulary of the training
split, and write the ids of every split. One line of JSON tells what it took, with the processes that it starts."""

import json
import os
import resource
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "true"
os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

path, kind, processes = sys.argv[1], sys.argv[2], int(sys.argv[3])
datasets.disable_progress_bars()
started = time.perf_counter()
before = time.process_time()
with tempfile.TemporaryDirectory() as cache:
    read = datasets.load_dataset("csv" if kind == "table" else "text", data_files=path, cache_dir=cache, split="train")
    if kind == "table":
        rest = read.train_test_split(test_size=0.2, seed=1)
        held = rest["test"].train_test_split(test_size=0.5, seed=1)
        splits = [rest["train"], held["train"], held["test"]]
    else:
        count = len(read)
        splits = [read.select(range(int(count * a), int(count * b))) for a, b in ((0, 0.8), (0.8, 0.9), (0.9, 1))]
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.WordLevelTrainer(vocab_size=20004, special_tokens=["<pad>", "<unk>", "<bos>", "<eos>"], show_progress=False)
    texts = (splits[0][i : i + 1000]["text"] for i in range(0, len(splits[0]), 1000))
    tokenizer.train_from_iterator(texts, trainer)

    def encode(batch):
        return {"ids": [one.ids for one in tokenizer.encode_batch_fast(batch["text"])]}

    # Its tokenizer has threads of its own, so one process is told beside several.
    encoded = [one.map(encode, batched=True, remove_columns=one.column_names, num_proc=processes if processes > 1 else None) for one in splits]
    seconds = time.perf_counter() - started
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "processor": time.process_time() - before + children.ru_utime + children.ru_stime,
                "bytes": 1024 * (own.ru_maxrss + (processes if processes > 1 else 0) * children.ru_maxrss),
            }
        )
    )
