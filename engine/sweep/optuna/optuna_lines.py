"""Optuna, asked line by line: one JSON object on standard input, one on standard output.

The study lives in memory. What it knows it is told at the start, out of the sweep's journal, so that it can
be ended at any moment and started again.
"""

import json
import sys

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

STATES = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL}


def distribution(axis):
    """The distribution of one setting."""
    if axis["kind"] == "choice":
        return CategoricalDistribution(list(range(axis["count"])))
    if axis["kind"] == "index":
        return IntDistribution(0, axis["count"] - 1)
    if axis["kind"] == "int":
        return IntDistribution(axis["low"], axis["high"], log=axis["log"])
    return FloatDistribution(axis["low"], axis["high"], log=axis["log"])


def pruner(kind, validations):
    """Who ends trials early: by what was reached at the same validation."""
    if kind == "successive-halving":
        return optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
    if kind == "hyperband":
        return optuna.pruners.HyperbandPruner(min_resource=1, max_resource=max(1, validations), reduction_factor=3)
    return optuna.pruners.NopPruner()


class Study:
    """One sweep."""

    def __init__(self, settings):
        """Tells a new study what has happened."""
        self.space = {f"s{i}": distribution(axis) for i, axis in enumerate(settings["space"])}
        self.trials = {}
        past = settings["past"]
        # Another stretch of chance than the one that drew what is past.
        sampler = optuna.samplers.TPESampler(seed=(settings["seed"] + len(past)) % 2**31, constant_liar=True)
        direction = settings["direction"]
        # Hyperband deals trials into brackets by the study's name and their number.
        self.study = optuna.create_study(
            study_name=f"sweep {settings['seed']}",
            direction=direction,
            sampler=sampler,
            pruner=pruner(settings["pruning"], settings["validations"]),
        )
        for trial in past:
            self.replay(trial)

    def replay(self, trial):
        """Repeats a trial; one that has not ended goes on."""
        self.study.enqueue_trial({f"s{i}": value for i, value in enumerate(trial["params"])})
        self.ask(trial["trial"])
        for validation, value in trial["reports"]:
            self.trials[trial["trial"]].report(value, validation)
        if trial["state"] != "running":
            self.tell(trial["trial"], trial["state"], trial["value"])

    def ask(self, number):
        """Parameters of the next trial."""
        trial = self.study.ask(self.space)
        self.trials[number] = trial
        return {"params": [trial.params[name] for name in self.space]}

    def report(self, number, validation, value):
        """Whether a trial is behind the others at this validation."""
        trial = self.trials[number]
        trial.report(value, validation)
        return {"prune": trial.should_prune()}

    def tell(self, number, state, value):
        """A trial has ended."""
        self.study.tell(self.trials.pop(number), value if state == "complete" else None, state=STATES[state])
        return {}

    def importance(self):
        """Shares of fANOVA: Hutter, Hoos and Leyton-Brown 2014."""
        complete = self.study.get_trials(deepcopy=False, states=[TrialState.COMPLETE])
        if len(complete) < 4 or len({trial.value for trial in complete}) < 2:
            return {"importance": None}
        evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
        found = optuna.importance.get_param_importances(self.study, evaluator=evaluator)
        return {"importance": [found.get(name, 0.0) for name in self.space]}


def answer(study, request):
    """What a request asks for."""
    op = request["op"]
    if op == "ask":
        return study.ask(request["trial"])
    if op == "report":
        return study.report(request["trial"], request["validation"], request["value"])
    if op == "tell":
        return study.tell(request["trial"], request["state"], request["value"])
    return study.importance()


def main():
    """Answers until the input ends."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def say(value):
        print(json.dumps(value), flush=True)

    say({"optuna": optuna.__version__})
    study = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["op"] == "start":
                study = Study(request)
                say({})
            else:
                say(answer(study, request))
        except Exception as error:  # Whatever it is, whoever asked has to know.
            say({"error": f"{type(error).__name__}: {error}"})


main()
