import type { ReactNode } from 'react';
import {
  optimizerNames,
  optimizerSettings,
  type ScheduleSettings,
  scheduleSettings,
  type TrainingSettings,
  trainingSettings,
} from '../../engine/document/training-settings.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Vary } from '../sweep/vary-control.tsx';
import { Field } from '../ui/field.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { Select } from '../ui/select.tsx';
import { type FormField, formFields, words } from './form-fields.ts';
import { SchemaField } from './schema-field.tsx';

const fields: ReadonlyMap<string, FormField> = new Map(formFields(trainingSettings).map((field) => [field.name, field]));

type Scalar = Exclude<keyof TrainingSettings, 'optimizer' | 'schedule'>;

/** What each setting does, and how an empty one reads. */
const help: Readonly<Record<Scalar, { readonly label: string; readonly help: string; readonly empty?: string }>> = {
  epochs: { label: 'Epochs', help: 'Passes over the training split.' },
  batchSize: { label: 'Batch size', help: 'Examples per step, of similar length.' },
  seed: { label: 'Seed', help: 'The same seed on the same device gives the same numbers.' },
  loss: { label: 'Loss', help: 'auto takes what fits the head and the data.' },
  timeReduction: { label: 'Over time', help: 'Loss of a sequence with a target per step: the mean over its steps, or the sum.' },
  carryState: { label: 'Carry state', help: 'A running text: each chunk starts from the state that the one before it left.' },
  scheduledSampling: {
    label: 'Own tokens',
    help: 'Scheduled sampling: share of a decoder’s previous tokens that the model chooses itself at the end of training.',
  },
  classWeights: {
    label: 'Class weights',
    help: 'balanced lets rare classes count as much as frequent ones, in the loss; all other figures count every target once.',
  },
  learningRate: { label: 'Learning rate', help: 'Size of a step. Too high and the loss jumps, too low and it crawls.' },
  warmupSteps: { label: 'Warm-up steps', help: 'Steps over which the rate rises from 0.' },
  weightDecay: { label: 'Weight decay', help: 'Pulls weights towards 0; not biases.' },
  clipNorm: { label: 'Clip norm', help: 'Longest gradient allowed: recurrent networks need it.', empty: 'off' },
  clipValue: { label: 'Clip value', help: 'Cuts each number of the gradient.', empty: 'off' },
  earlyStoppingPatience: { label: 'Early stopping', help: 'Stops after this many epochs without improvement.', empty: 'off' },
  checkpointEverySteps: { label: 'Checkpoint every', help: 'Steps; always at the end of an epoch too.', empty: 'epoch' },
  health: {
    label: 'Watch health',
    help: 'Looks at gradients, gates and updates of some steps as training goes on: vanishing, exploding, saturated, dead. Takes less than 5 % of the time, and changes no number.',
  },
  device: { label: 'Device', help: 'auto takes the fastest that passed its check.' },
};

const optimizerHelp: Partial<Record<TrainingSettings['optimizer']['kind'], string>> = {
  'evolution-strategy': 'No gradient: mirrored random changes of the weights tell Adam which way is down. For small networks.',
  'particle-swarm': 'No gradient: particles fly towards the best weights that they and the swarm have found. For small networks.',
};
const scheduleNames: Readonly<Record<ScheduleSettings['kind'], string>> = {
  constant: 'constant',
  step: 'steps down',
  cosine: 'cosine',
  plateau: 'on plateau',
};

/** Settings of the training, shown when nothing is selected. */
export function TrainingInspector() {
  const readme = useDocumentStore((s) => s.readme);
  // A swarm has neither a rate nor a gradient.
  const descends = useDocumentStore((s) => s.document.training.optimizer.kind !== 'particle-swarm');
  return (
    <>
      <div className="inspector__head">
        <h2>Training</h2>
      </div>
      <p className="inspector__summary">Select a node to see its settings and equations.</p>
      <Scalars names={descends ? ['epochs', 'batchSize', 'learningRate'] : ['epochs', 'batchSize']} />
      <Optimizer />
      {descends && (
        <>
          <Group title="Rate over time">
            <Schedule />
            <Scalars names={['warmupSteps']} />
          </Group>
          <Group title="Gradients and weights">
            <Scalars names={['clipNorm', 'clipValue', 'weightDecay']} />
          </Group>
        </>
      )}
      <Group title="Loss">
        <Scalars names={['loss', 'timeReduction', 'classWeights']} />
      </Group>
      <Group title="Stopping and checkpoints">
        <Scalars names={['earlyStoppingPatience', 'checkpointEverySteps']} />
      </Group>
      <Group title="Where and how">
        <Scalars names={descends ? ['device', 'seed', 'health'] : ['device', 'seed']} />
      </Group>
      {readme !== null && (
        <details className="inspector__group" open>
          <summary className="section-title">About this template</summary>
          <Markdown text={readme} />
        </details>
      )}
    </>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details className="inspector__group" open>
      <summary className="section-title">{title}</summary>
      {children}
    </details>
  );
}

function Scalars({ names }: { readonly names: readonly Scalar[] }) {
  const training = useDocumentStore((s) => s.document.training);
  const setTraining = useDocumentStore((s) => s.setTraining);
  return names.map((name) => {
    const field = fields.get(name);
    if (!field) return null;
    const { label, help: text, empty } = help[name];
    return (
      <Vary key={name} place={{ node: null, field: name }} label={label}>
        <SchemaField
          field={{ ...field, label, help: text }}
          value={training[name]}
          {...(empty === undefined ? {} : { placeholder: empty })}
          onChange={(value) => {
            const parsed = trainingSettings.safeParse({ ...training, [name]: value });
            if (parsed.success) setTraining({ [name]: parsed.data[name] });
          }}
        />
      </Vary>
    );
  });
}

function Optimizer() {
  const optimizer = useDocumentStore((s) => s.document.training.optimizer);
  const setTraining = useDocumentStore((s) => s.setTraining);
  const shape = optimizerSettings.options.find((option) => option.shape.kind.value === optimizer.kind);
  return (
    <>
      <Vary place={{ node: null, field: 'optimizer.kind' }} label="Optimizer">
        <Field label="Optimizer" help={optimizerHelp[optimizer.kind] ?? 'Update rules and defaults are PyTorch’s.'}>
          {(control) => (
            <Select
              control={control}
              value={optimizer.kind}
              options={optimizerSettings.options.map(({ shape: { kind } }) => ({
                value: kind.value,
                label: optimizerNames[kind.value],
              }))}
              onChange={(kind) => setTraining({ optimizer: optimizerSettings.parse({ kind }) })}
            />
          )}
        </Field>
      </Vary>
      {shape &&
        settingsOf(shape).map((field) => (
          <Vary
            key={`${optimizer.kind}/${field.name}`}
            place={{ node: null, field: `optimizer.${field.name}` }}
            label={field.label}
          >
            <SchemaField
              field={field}
              value={(optimizer as Readonly<Record<string, string | number>>)[field.name]}
              onChange={(value) => {
                const parsed = optimizerSettings.safeParse({ ...optimizer, [field.name]: value });
                if (parsed.success) setTraining({ optimizer: parsed.data });
              }}
            />
          </Vary>
        ))}
    </>
  );
}

function Schedule() {
  const schedule = useDocumentStore((s) => s.document.training.schedule);
  const setTraining = useDocumentStore((s) => s.setTraining);
  const shape = scheduleSettings.options.find((option) => option.shape.kind.value === schedule.kind);
  return (
    <>
      <Vary place={{ node: null, field: 'schedule.kind' }} label="Schedule">
        <Field label="Schedule" help="How the learning rate changes.">
          {(control) => (
            <Select
              control={control}
              value={schedule.kind}
              options={scheduleSettings.options.map(({ shape: { kind } }) => ({
                value: kind.value,
                label: scheduleNames[kind.value],
              }))}
              onChange={(kind) => setTraining({ schedule: scheduleSettings.parse({ kind }) })}
            />
          )}
        </Field>
      </Vary>
      {shape &&
        settingsOf(shape).map((field) => (
          <Vary
            key={`${schedule.kind}/${field.name}`}
            place={{ node: null, field: `schedule.${field.name}` }}
            label={field.label}
          >
            <SchemaField
              field={field}
              value={(schedule as Readonly<Record<string, string | number>>)[field.name]}
              onChange={(value) => {
                const parsed = scheduleSettings.safeParse({ ...schedule, [field.name]: value });
                if (parsed.success) setTraining({ schedule: parsed.data });
              }}
            />
          </Vary>
        ))}
    </>
  );
}

/** An option's own fields, without the word that tells the options apart. */
function settingsOf(option: Parameters<typeof formFields>[0]): readonly FormField[] {
  return formFields(option)
    .filter((field) => field.name !== 'kind')
    .map((field) => ({ ...field, label: words(field.name) }));
}
