import { sent } from '../inspect/arrays.ts';
import type { KeptRecurrence, KeptTrace } from '../inspect/trace.tf.ts';
import type { RunInspections } from '../manage/run-inspections.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Service } from './context.ts';

/** What happens inside a run's network on one example. */
export function inspectService(inspections: RunInspections): Service<'inspect'> {
  const { traces } = inspections;
  return {
    'inspect.trace': (params) => inspections.trace(params),
    'inspect.values': async ({ trace, names, ...place }) => {
      const { values } = recurrenceAt(traces.get(trace), place);
      return {
        values: Object.fromEntries(
          names.map((name) => {
            const found = values.get(name);
            if (found === undefined) throw nothingThere(`no value ${name}`, [...values.keys()]);
            return [name, sent(found)];
          }),
        ),
      };
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
    'inspect.forget': async ({ trace }) => {
      traces.forget(trace);
      return {};
    },
  };
}

interface Place {
  readonly node: string;
  readonly layer: number;
  readonly direction: 'forward' | 'backward';
}

function recurrenceAt({ recurrences }: KeptTrace, { node, layer, direction }: Place): KeptRecurrence {
  const found = recurrences.find(
    (one) => one.node === node && one.described.layer === layer && one.described.direction === direction,
  );
  if (found !== undefined) return found;
  throw nothingThere(
    `no cell in layer ${layer + 1} ${direction} of ${node}`,
    recurrences.map((one) => `layer ${one.described.layer + 1} ${one.described.direction} of ${one.node}`),
  );
}

const nothingThere = (what: string, there: readonly string[]): UserError =>
  new UserError({
    code: 'not-traced',
    message: `The trace has ${what}.`,
    hint: there.length === 0 ? 'Nothing recurs in this network.' : `It has ${there.slice(0, 12).join(', ')}.`,
  });
