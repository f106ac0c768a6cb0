import { X } from 'lucide-react';
import { type SweepSettings, sweepLimits, sweepMethod, type VariedSetting } from '../../engine/document/sweep-settings.ts';
import { setSweep, stopVarying, sweepOf } from '../../engine/graph/sweep/edit-sweep.ts';
import { settingTitle } from '../../engine/graph/sweep/varied-field.ts';
import type { RayTarget } from '../../engine/protocol/ray.ts';
import { farHost, useMachine } from '../bridge/machine.ts';
import { isSetUp, openRayDialogFor, useRayStore } from '../ray/ray-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { RangeEditor } from './range-editor.tsx';
import { trainTrialsOnCluster, useSweepCluster } from './sweep-place.ts';

const methodHelp: Readonly<Record<SweepSettings['method'], string>> = {
  grid: 'Every combination; each range needs steps.',
  random: 'Drawn with the document’s seed, no combination twice.',
  optuna: 'Each chosen by what the ones before it gave (TPE). Needs Optuna, which is prepared on first use: about 350 MB.',
};
const methodNames: Readonly<Record<SweepSettings['method'], string>> = { grid: 'grid', random: 'random', optuna: 'Optuna' };

/** What is varied, how, and how much it may cost: the document's sweep. */
export function SweepForm() {
  const whole = useDocumentStore((s) => s.whole);
  const editWhole = useDocumentStore((s) => s.editWhole);
  const cluster = useSweepCluster();
  const sweep = sweepOf(whole);
  const set = (patch: Partial<SweepSettings>): void =>
    editWhole((document) => setSweep(document, patch), `sweep:${Object.keys(patch).join()}`);
  return (
    <section aria-label="What is varied" className="sweep-form">
      <h2>What is varied</h2>
      {sweep.vary.length === 0 && (
        <p className="sweep__hint">
          Nothing yet. On the canvas, press the button beside a setting of a layer, or of training, and give it a range.
        </p>
      )}
      <ul className="sweep-form__varied">
        {sweep.vary.map((setting) => (
          <Varied key={`${setting.block}/${setting.node}/${setting.field}`} setting={setting} />
        ))}
      </ul>
      <h2>How</h2>
      <Field label="Method" help={methodHelp[sweep.method]}>
        {(control) => (
          <Select
            control={control}
            value={sweep.method}
            options={sweepMethod.options.map((value) => ({ value, label: methodNames[value] }))}
            onChange={(method) => set({ method })}
          />
        )}
      </Field>
      {sweep.method === 'optuna' && (
        <Field label="Ends early" help="Ends trials that are behind the others at the same validation.">
          {(control) => (
            <Select
              control={control}
              value={sweep.pruning}
              options={[
                { value: 'none', label: 'none' },
                { value: 'successive-halving', label: 'halving' },
                { value: 'hyperband', label: 'Hyperband' },
              ]}
              onChange={(pruning) => set({ pruning })}
            />
          )}
        </Field>
      )}
      <Whole
        label="Trials"
        help="At most so many combinations."
        value={sweep.trials}
        max={sweepLimits.trials}
        onChange={(trials) => set({ trials })}
      />
      <Whole
        label="Seeds per trial"
        help="A trial’s result is their mean."
        value={sweep.seeds}
        max={sweepLimits.seeds}
        onChange={(seeds) => set({ seeds })}
      />
      <Place />
      <Whole
        label="Side by side"
        help={cluster ? 'So many jobs at once; those that the cluster has no room for wait.' : 'As far as cores and memory go.'}
        value={sweep.parallel}
        max={sweepLimits.parallel}
        onChange={(parallel) => set({ parallel })}
      />
      <Objective sweep={sweep} set={set} />
    </section>
  );
}

const places = ['here', 'cluster'] as const;

/** Where trials train: on the machine that the windows are on, or on a cluster, which is set up first. */
function Place() {
  const cluster = useSweepCluster();
  const { target } = useRayStore();
  const host = useMachine(({ state }) => farHost(state));
  const names = { here: host === null ? 'here' : `on ${host}`, cluster: 'on a cluster' };
  return (
    <>
      <Field label="Trials train" help={cluster && clusterWords(cluster)}>
        {(control) => (
          <Select
            control={control}
            value={cluster ? 'cluster' : 'here'}
            options={places.map((value) => ({ value, label: names[value] }))}
            onChange={(place) => {
              if (place === 'cluster' && !isSetUp(target)) setUpCluster();
              else trainTrialsOnCluster(place === 'cluster');
            }}
          />
        )}
      </Field>
      {cluster && (
        <Button size="small" onClick={setUpCluster}>
          Set up the cluster…
        </Button>
      )}
    </>
  );
}

const setUpCluster = (): void =>
  openRayDialogFor({
    title: 'Train the trials on a Ray cluster',
    description:
      'Each trial goes there as a job of its own, with its data. Jobs go on when this app is closed, and come back as runs like any other.',
    action: 'Use this cluster',
    act: async () => {
      trainTrialsOnCluster(true);
      return true;
    },
  });

const clusterWords = ({ address, workers, gpus }: RayTarget): string =>
  `${address}; each on ${workers === 1 ? 'one process' : `${workers} processes`}${gpus > 0 ? ' with a GPU each' : ''}.`;

function Varied({ setting }: { readonly setting: VariedSetting }) {
  const whole = useDocumentStore((s) => s.whole);
  const editWhole = useDocumentStore((s) => s.editWhole);
  const title = settingTitle(whole, setting);
  return (
    <li>
      <div className="sweep-form__title">
        <b>{title}</b>
        <IconButton label={`Do not vary ${title}`} size="small" onClick={() => editWhole((d) => stopVarying(d, setting))}>
          <X size={13} aria-hidden />
        </IconButton>
      </div>
      <RangeEditor setting={setting} label={title} />
    </li>
  );
}

interface WholeProps {
  readonly label: string;
  readonly help: string;
  readonly value: number;
  readonly max: number;
  onChange(value: number): void;
}

const Whole = ({ onChange, ...props }: WholeProps) => (
  <NumberField {...props} min={1} integer onChange={(value) => value !== null && onChange(value)} />
);

interface ObjectiveProps {
  readonly sweep: SweepSettings;
  set(patch: Partial<SweepSettings>): void;
}

/** What is first thought of, as the most and as the least of something. */
const firstMetric = { maximize: 'accuracy', minimize: 'loss' } as const;

/** A figure that somebody has named stays; one that was proposed for the other direction does not. */
const metricFor = (direction: 'maximize' | 'minimize', before: string | undefined): string =>
  before === undefined || before === firstMetric.maximize || before === firstMetric.minimize ? firstMetric[direction] : before;

/** What is judged: the task's own figure, or another. */
function Objective({ sweep: { objective }, set }: ObjectiveProps) {
  return (
    <>
      <Field label="Judged by" help="Of the validation split, and the weights that a run keeps.">
        {(control) => (
          <Select
            control={control}
            value={objective === null ? 'usual' : objective.direction}
            options={[
              { value: 'usual', label: 'as any run' },
              { value: 'maximize', label: 'the most …' },
              { value: 'minimize', label: 'the least …' },
            ]}
            onChange={(direction) =>
              set({ objective: direction === 'usual' ? null : { metric: metricFor(direction, objective?.metric), direction } })
            }
          />
        )}
      </Field>
      {objective !== null && (
        <Field label="Figure" help="As runs call it: loss, accuracy, macro-f1 …">
          {(control) => (
            <TextField
              {...control}
              value={objective.metric}
              maxLength={64}
              onChange={({ target }) => {
                if (target.value !== '') set({ objective: { ...objective, metric: target.value } });
              }}
            />
          )}
        </Field>
      )}
    </>
  );
}
