"""Tests of the exported Python as Python, against PyTorch; python.test.ts runs them."""

import math
import os
import sys
import tempfile
import unittest
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent / "python"))

from batches import as_streams, collate  # noqa: E402
from chance import Random  # noqa: E402
from checkpoints import load_checkpoint, save_checkpoint  # noqa: E402
from distributed import Workers, interleave  # noqa: E402
from forward import at_real_steps, draw_own, first_rows  # noqa: E402
from losses import Loss  # noqa: E402
from metrics import ClassSums  # noqa: E402
from optim import clip_gradients, make_optimizer, make_scaler, rate_at  # noqa: E402
from progress import Progress  # noqa: E402

SETTINGS = {
    "optimizer": {"kind": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "learningRate": 0.1,
    "weightDecay": 0.01,
    "warmupSteps": 0,
    "schedule": {"kind": "constant"},
    "timeReduction": "mean",
    "classWeights": "balanced",
    "clipNorm": 0.5,
    "clipValue": 0.3,
    "earlyStoppingPatience": 2,
}


class Losses(unittest.TestCase):
    def test_parts_of_a_batch_add_up_to_torch_s_weighted_mean(self):
        torch.manual_seed(1)
        targets = [torch.randint(0, 3, (length,)) for length in (5, 1, 4, 2)]
        loss = Loss("cross-entropy", 3, True, SETTINGS, targets)
        outputs = [torch.randn(len(target), 3).log_softmax(-1) for target in targets]
        whole = nn.CrossEntropyLoss(loss.weights)(torch.cat(outputs), torch.cat(targets)).item()
        count = sum(loss.weight_of(target) for target in targets)
        parts = [(loss.terms(o, t) * loss.weights_of(t)).sum().item() / count for o, t in zip(outputs, targets)]
        self.assertAlmostEqual(sum(parts), whole, 5)

    def test_slope_of_a_root_mean_squared_error_is_its_gradient(self):
        loss = Loss("rmse", 0, False, SETTINGS, [])
        outputs, targets = torch.randn(6, 2, requires_grad=True), torch.randn(6, 2)
        wanted = torch.autograd.grad(((outputs - targets) ** 2).mean().sqrt(), outputs)[0]
        mean = loss.terms(outputs, targets).mean()
        found = torch.autograd.grad(mean * loss.slope(mean.item()), outputs)[0]
        torch.testing.assert_close(found, wanted)
        self.assertAlmostEqual(loss.of_mean(mean.item()), math.sqrt(mean.item()), 5)

    def test_a_class_that_never_occurs_counts_nothing(self):
        self.assertEqual(Loss("cross-entropy", 3, False, SETTINGS, [torch.tensor(0), torch.tensor(1)]).weights[2], 0)


class Rates(unittest.TestCase):
    def test_cosine_is_torch_s(self):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10, 0.01)
        settings = {**SETTINGS, "schedule": {"kind": "cosine", "floor": 0.1}}
        for step in range(10):
            self.assertAlmostEqual(rate_at(settings, step, 0, 10), optimizer.param_groups[0]["lr"], 9)
            optimizer.step()
            scheduler.step()

    def test_plateau_is_torch_s(self):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
        progress, settings = Progress(), {**SETTINGS, "schedule": {"kind": "plateau", "factor": 0.5, "patience": 1}}
        for loss in (3, 2, 2, 1.99999, 2, 1, 1, 1, 1, 1, 0.5):
            progress.end_epoch(loss, settings)
            scheduler.step(loss)
            self.assertEqual(progress.scale, optimizer.param_groups[0]["lr"])

    def test_stops_early_where_the_loss_has_not_fallen(self):
        progress = Progress()
        stopped = []
        for loss in (2, 1, 1, 0.9, 0.95, 0.9):
            progress.end_epoch(loss, SETTINGS)
            stopped.append(progress.stopped)
        self.assertEqual(stopped, [False, False, False, False, False, True])

    def test_the_best_weights_are_the_first_of_equals_unless_their_loss_is_lower(self):
        model, progress = nn.Linear(1, 1), Progress()
        kept = []
        for step, (loss, figure) in enumerate([(1.0, 0.5), (1.0, 0.5), (0.9, 0.5), (math.nan, 0.9), (2.0, 0.6), (0.1, 0.5)]):
            progress.step = step
            kept.append(progress.judge(model, loss, figure, higher_is_better=True))
        self.assertEqual(kept, [True, False, True, False, True, False])
        self.assertEqual(progress.best, (0.6, 2.0, 4))

    def test_gradients_are_clipped_to_a_value_and_then_to_a_norm(self):
        model = nn.Linear(2, 1, bias=False)
        model.weight.grad = torch.tensor([[9.0, 0.1]])
        clip_gradients(model, {"clipValue": 0.4, "clipNorm": None})
        torch.testing.assert_close(model.weight.grad, torch.tensor([[0.4, 0.1]]))
        clip_gradients(model, {"clipValue": None, "clipNorm": 0.2})
        self.assertAlmostEqual(model.weight.grad.norm().item(), 0.2, 5)

    def test_biases_do_not_decay(self):
        optimizer = make_optimizer(nn.Linear(3, 2), SETTINGS)
        self.assertEqual([(g["weight_decay"], g["params"][0].dim()) for g in optimizer.param_groups], [(0.01, 2), (0.0, 1)])


class Rows(unittest.TestCase):
    def test_states_of_all_processes_come_together_in_the_order_of_rows_and_are_dealt_out_again(self):
        whole = [(torch.arange(14.0).reshape(1, 7, 2), torch.arange(7.0).reshape(1, 7, 1)), torch.zeros(2, 7, 3)]
        for world in (1, 2, 3, 9):
            shares = []
            for rank in range(world):
                workers = Workers("cpu")
                workers.rank, workers.world = rank, world
                shares.append(workers.scatter(whole))
            found = interleave(shares)
            torch.testing.assert_close(found[0][0], whole[0][0])
            torch.testing.assert_close(found[0][1], whole[0][1])
            torch.testing.assert_close(found[1], whole[1])

    def test_rows_of_a_running_text_stay_in_their_process(self):
        workers = Workers("cpu")
        workers.world = 2
        for rank in (0, 1):
            workers.rank = rank
            batches = [workers.share(rows) for rows in as_streams(11, 4)]
            for before, after in zip(batches, batches[1:]):
                self.assertEqual(after, [chunk + 1 for chunk in before][: len(after)])

    def test_states_of_streams_that_have_ended_are_dropped_without_their_gradient(self):
        hidden = [(torch.ones(1, 3, 2, requires_grad=True), None)]
        kept = first_rows(hidden, 2)
        self.assertEqual((kept[0][0].shape, kept[0][0].requires_grad, kept[0][1]), ((1, 2, 2), False, None))

    def test_a_decoder_reads_the_true_tokens_before(self):
        batch = collate([(torch.tensor([5, 6]), torch.tensor([7, 8, 3])), (torch.tensor([9]), torch.tensor([3]))], True, "cpu")
        self.assertEqual(batch.previous.tolist(), [[2, 7, 8], [2, 0, 0]])
        self.assertEqual(batch.targets.tolist(), [7, 8, 3, 3])
        self.assertEqual(at_real_steps(torch.arange(6).reshape(2, 3), batch.target_lengths).tolist(), [0, 1, 2, 3])

    def test_the_first_token_and_padding_are_never_a_decoder_s_own(self):
        drawn = draw_own([3, 1], 1.0, Random(1))
        self.assertEqual(drawn.tolist(), [[False, True, True], [False, False, False]])


class Gpus(unittest.TestCase):
    """No GPU is here: PyTorch's words for them are taken down in its place."""

    def workers(self, environment: dict, *given, gpus: int = 2):
        with ExitStack() as patched:
            enter = patched.enter_context
            enter(mock.patch.dict(os.environ, {"MASTER_ADDR": "localhost", "MASTER_PORT": "1", **environment}))
            enter(mock.patch("torch.cuda.is_available", return_value=gpus > 0))
            enter(mock.patch("torch.cuda.device_count", return_value=gpus))
            chosen = enter(mock.patch("torch.cuda.set_device"))
            begun = enter(mock.patch("torch.distributed.init_process_group"))
            return (
                Workers(*given),
                [str(call.args[0]) for call in chosen.call_args_list],
                [call.args for call in begun.call_args_list],
            )

    def test_each_process_has_the_gpu_of_its_place_on_its_machine_and_they_speak_nccl(self):
        second = {"WORLD_SIZE": "4", "RANK": "3", "LOCAL_RANK": "1"}
        workers, chosen, begun = self.workers(second)
        self.assertEqual((str(workers.device), chosen, begun), ("cuda:1", ["cuda:1"], [("nccl",)]))
        # Without LOCAL_RANK, and with more processes than GPUs.
        workers, chosen, _ = self.workers({"WORLD_SIZE": "4", "RANK": "3"}, None, None)
        self.assertEqual((str(workers.device), chosen), ("cuda:1", ["cuda:1"]))
        self.assertEqual(self.workers(second, None, "gloo")[2], [("gloo",)])
        workers, chosen, begun = self.workers(second, "cpu")
        self.assertEqual((str(workers.device), chosen, begun), ("cpu", [], [("gloo",)]))
        self.assertEqual(self.workers({"WORLD_SIZE": "1", "RANK": "0"})[2], [("nccl",)])

    def test_one_process_alone_joins_no_other(self):
        self.assertNotIn("WORLD_SIZE", os.environ)
        workers, chosen, begun = self.workers({})
        self.assertEqual((str(workers.device), chosen, begun, workers.alone), ("cuda:0", ["cuda:0"], [], True))

    def test_nccl_is_given_numbers_of_the_gpu_and_states_of_none(self):
        workers, _, _ = self.workers({"WORLD_SIZE": "2", "RANK": "1", "LOCAL_RANK": "1"})
        made = torch.tensor

        def as_here(values: tuple, dtype: torch.dtype, device: torch.device) -> torch.Tensor:
            return made(values, dtype=dtype)

        with mock.patch("torch.tensor", side_effect=as_here) as numbers, mock.patch("torch.distributed.all_reduce") as reduce:
            reduce.side_effect = lambda total: total.mul_(10)
            self.assertEqual(workers.sum(1.5, 2), [15.0, 20.0])
        self.assertEqual([str(call.kwargs["device"]) for call in numbers.call_args_list], ["cuda:1"])

        def everyone(shares: list, mine: list) -> None:
            # What lay on a GPU would be looked for on the same one by whoever reads it.
            self.assertEqual(mine[0].device.type, "cpu")
            shares[:] = [[torch.zeros(1, 2, 3)], mine]

        state = mock.Mock()
        state.detach.return_value.cpu.return_value = torch.ones(1, 1, 3)
        with mock.patch("distributed.each_part") as parts, mock.patch(
            "torch.distributed.all_gather_object", side_effect=everyone
        ):
            parts.side_effect = lambda hidden, of: [of(part) for part in hidden]
            self.assertEqual(workers.gather([state])[0][0, :, 0].tolist(), [0, 1, 0])

    def test_what_is_not_there_is_said(self):
        for given, words in (
            (("cuda",), "PyTorch sees no GPU"),
            (("cpu", "nccl"), "nccl speaks between GPUs, and this process computes on cpu"),
        ):
            with self.assertRaisesRegex(SystemExit, words):
                self.workers({"WORLD_SIZE": "2", "RANK": "0"}, *given, gpus=0)
        with self.assertRaisesRegex(SystemExit, "WORLD_SIZE is 2, so RANK must be set, too"):
            self.workers({"WORLD_SIZE": "2"})


class Figures(unittest.TestCase):
    def test_macro_f1_runs_over_the_classes_that_occur(self):
        sums = ClassSums(4)
        said, wanted = torch.tensor([0, 1, 1, 2]), torch.tensor([0, 1, 2, 2])
        sums.add(nn.functional.one_hot(said, 4).float(), wanted, torch.ones(4), torch.ones(4))
        figures = sums.figures(sums.numbers())
        self.assertEqual(figures["accuracy"], 0.75)
        self.assertAlmostEqual(figures["macro-f1"], (1 + 2 / 3 + 2 / 3) / 3)


class Checkpoints(unittest.TestCase):
    def test_what_stops_a_write_leaves_the_checkpoint_before(self):
        model = nn.Linear(2, 2)
        optimizer, scaler, progress = make_optimizer(model, SETTINGS), make_scaler(False), Progress()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "checkpoint.pt")
            progress.step, progress.hidden, progress.best = 7, [(torch.ones(1, 2, 3), None)], (0.5, 1.0, 6)
            save_checkpoint(path, model, optimizer, scaler, progress, {"settings": "a"})
            whole = Path(path).read_bytes()
            progress.hidden = lambda: None  # cannot be written
            with self.assertRaises(Exception):  # noqa: B017
                save_checkpoint(path, model, optimizer, scaler, progress, {"settings": "a"})
            self.assertEqual(Path(path).read_bytes(), whole)
            found = load_checkpoint(path, model, optimizer, scaler, {"settings": "a"})
            self.assertEqual((found.step, found.best, found.lowest), (7, (0.5, 1.0, 6), math.inf))
            torch.testing.assert_close(found.hidden[0][0], torch.ones(1, 2, 3))
            with self.assertRaisesRegex(ValueError, "of another run: settings was a, now it is b"):
                load_checkpoint(path, model, optimizer, scaler, {"settings": "b"})


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()
