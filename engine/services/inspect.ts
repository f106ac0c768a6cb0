import { givingWay } from '../event-loop.ts';
import { type Array32, sent } from '../inspect/arrays.tf.ts';
import { connectivity } from '../inspect/connectivity.tf.ts';
import { describeGradient } from '../inspect/describe-gradient.ts';
import { KeptGradients } from '../inspect/kept-gradients.ts';
import { SampleStore } from '../inspect/state-sample.ts';
import type { KeptRecurrence, KeptTrace } from '../inspect/trace.tf.ts';
import type { RunInspections } from '../manage/run-inspections.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Numbers, Place } from '../protocol/inspect.ts';
import { beamService } from './beam.ts';
import type { EngineContext, Service } from './context.ts';
import { InspectWork } from './inspect-work.ts';
import { projectionService } from './projection.ts';
import { saliencyService } from './saliency.ts';
import { spectrumService } from './spectrum.ts';
import { unitService } from './units.ts';
import { whatIfService } from './what-if.ts';

/** What happens inside a run's network on one example. */
export function inspectService(inspections: RunInspections, context: Pick<EngineContext, 'emit'>): Service<'inspect'> {
  const { traces } = inspections;
  const gradients = new KeptGradients();
  const samples = new SampleStore();
  const work = new InspectWork(context);
  return {
    ...spectrumService(inspections, recurrenceAt, work),
    ...unitService(inspections, samples, recurrenceAt, work),
    ...projectionService(traces, samples, recurrenceAt, work),
    ...saliencyService(traces, work),
    ...beamService(traces),
    ...whatIfService(inspections, work),
    ...work.handlers,
    'inspect.trace': (params) => inspections.trace(params),
    'inspect.values': async ({ trace, names, ...place }) => {
      return { values: named(names, recurrenceAt(traces.get(trace), place).values) };
    },
    'inspect.output': async ({ trace, node, port }) => {
      const { outputs } = traces.get(trace);
      const found = outputs.find((one) => one.node === node && one.port === port);
      if (found === undefined)
        throw nothingThere(
          `no output ${port} of ${node}`,
          outputs.map((one) => `${one.port} of ${one.node}`),
        );
      return sent(found.values);
    },
    'inspect.gradient': ({ trace, of }) =>
      traces.use(trace, async (kept) => describeGradient(kept, await gradients.of(kept, of))),
    'inspect.gradientValues': ({ trace, of, names, ...place }) =>
      traces.use(trace, async (kept) => {
        const { recurrences } = await gradients.of(kept, of);
        const { states, inputs } = atPlace(recurrences, place);
        return { values: named(names, new Map([...states, ...(inputs === null ? [] : [['x', inputs] as const])])) };
      }),
    'inspect.connectivity': ({ trace }) =>
      traces.use(trace, async (kept) => {
        const { says, norms } = await givingWay(connectivity(kept));
        return { says: [...says], norms: sent(norms) };
      }),
    'inspect.forget': async ({ trace }) => {
      traces.forget(trace);
      return {};
    },
  };
}

const recurrenceAt = ({ recurrences }: KeptTrace, place: Place): KeptRecurrence =>
  atPlace(
    recurrences.map((kept) => ({ ...kept.described, node: kept.node, kept })),
    place,
  ).kept;

function atPlace<R extends Place>(recurrences: readonly R[], { node, layer, direction }: Place): R {
  const found = recurrences.find((one) => one.node === node && one.layer === layer && one.direction === direction);
  if (found !== undefined) return found;
  throw nothingThere(
    `no cell in layer ${layer + 1} ${direction} of ${node}`,
    recurrences.map((one) => `layer ${one.layer + 1} ${one.direction} of ${one.node}`),
  );
}

function named(names: readonly string[], values: ReadonlyMap<string, Array32>): Record<string, Numbers> {
  return Object.fromEntries(
    names.map((name) => {
      const found = values.get(name);
      if (found === undefined) throw nothingThere(`no value ${name}`, [...values.keys()]);
      return [name, sent(found)];
    }),
  );
}

const nothingThere = (what: string, there: readonly string[]): UserError =>
  new UserError({
    code: 'not-traced',
    message: `The trace has ${what}.`,
    hint: there.length === 0 ? 'Nothing recurs in this network.' : `It has ${there.slice(0, 12).join(', ')}.`,
  });
