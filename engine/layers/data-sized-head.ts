import { z } from 'zod';
import type { DataFacts } from '../shapes/data-facts.ts';
import { defineLayer, type LayerDefinition } from './layer.ts';
import { linearParameters } from './linear-parameters.ts';
import { known, only } from './ports.ts';

/** What the data counts, and a head gives one output each of. */
type Counted = 'classes' | 'targets';

const one: Record<Counted, string> = { classes: '1 class', targets: '1 target' };

interface Words<Kind extends string> extends Pick<LayerDefinition<Kind, z.ZodObject>, 'kind' | 'title' | 'summary' | 'keywords'> {
  readonly kind: Kind;
  /** Of the setting in the inspector. */
  readonly settingTitle: string;
}

const size = z.number().int().min(1).max(1_000_000).nullable().default(null);

/**
 * A head that is a linear map `x W^T + b` with one output for each class or target of the data, per vector or per step. Its only
 * setting, named after what is counted, is left empty to take the number from the data.
 */
export function dataSizedHead<const Kind extends string, const Field extends Counted>(
  counted: Field,
  { settingTitle, ...words }: Words<Kind>,
) {
  const described = size.meta({ title: settingTitle, description: 'From the data when left empty.' });
  const config = z.strictObject({ [counted]: described } as Record<Field, typeof described>);
  const wanted = (settings: z.output<typeof config>): number | null => (settings as Record<Counted, number | null>)[counted];
  const width = (settings: z.output<typeof config>, facts: DataFacts): number | null => wanted(settings) ?? facts[counted];
  return defineLayer({
    ...words,
    family: 'head',
    config,
    inputs: [{ name: 'input', label: 'input', accepts: ['sequence', 'vector'] }],
    outputs: [],
    shape: (settings, _inputs, facts) => {
      const [own, given] = [wanted(settings), facts[counted]];
      if (own === null || given === null || own === given) return { ok: true, outputs: {} };
      return {
        ok: false,
        message: `this head gives ${own} ${counted}, but the data has ${given}`,
        fix: 'Clear the field to take it from the data.',
      };
    },
    subtitle: (settings, facts) => {
      const outputs = width(settings, facts);
      if (outputs === null) return `${counted} from the data`;
      return outputs === 1 ? one[counted] : `${outputs} ${counted}`;
    },
    parameters: (settings, inputs, facts) =>
      linearParameters(
        known(only(inputs, 'input', 'sequence', 'vector').features, 'input width'),
        known(width(settings, facts), `number of ${counted}`),
      ),
  });
}
