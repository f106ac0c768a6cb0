import { cellProgram } from '../cells/cell-program.ts';
import { startOpen } from '../cells/recurrent-initializer.ts';
import { plainRecurrence } from '../cells/recurrent-matrices.ts';
import { type AnyCell, cellOf, findCell } from '../cells/registry.ts';
import type { GraphNode, UnrollDocument } from '../document/schema.ts';
import { setParams } from '../graph/edit.ts';
import { findLayer } from '../layers/registry.ts';
import type { RecurrenceHealth } from '../protocol/health.ts';
import type { Remedy } from './finding.ts';

/** Where a remedy is looked for: the graph without blocks, the wrapper that is ill, and the cell that is wired to it. */
export interface Patient {
  readonly document: UnrollDocument;
  readonly wrapper: GraphNode;
  readonly cell: GraphNode;
  readonly definition: AnyCell;
  readonly health: RecurrenceHealth;
}

/** The fixes of row L22, and two for units that no longer move. */
export type RemedyName =
  | 'clip'
  | 'gated-cell'
  | 'forget-bias'
  | 'orthogonal-start'
  | 'residual'
  | 'truncation'
  | 'activation'
  | 'learning-rate';

/** Each fix: where it can be had, and what it does. */
export const remedies: Readonly<Record<RemedyName, (patient: Patient) => Remedy | null>> = {
  clip: ({ document }) => {
    const { clipNorm } = document.training;
    return clipNorm !== null && clipNorm <= clip ? null : training(`Clip the gradient’s norm at ${clip}`, { clipNorm: clip });
  },
  'gated-cell': ({ cell, definition }) => {
    const lstm = findCell('lstm-cell');
    if (definition.ungated !== true || lstm === undefined) return null;
    const { hidden, recurrentInitializer } = definition.config.parse(cell.params);
    const params = lstm.config.parse({ hidden, recurrentInitializer }) as GraphNode['params'];
    return {
      label: `Use an ${lstm.word}, whose gates carry its state`,
      apply: (document) => ({
        ...document,
        nodes: document.nodes.map((node) => (node.id === cell.id ? { ...node, kind: lstm.kind, params } : node)),
      }),
    };
  },
  // Tallec and Ollivier 2018, “Can recurrent neural networks warp time?”: a forget gate with bias ln T remembers for about T steps.
  'forget-bias': ({ cell, definition, health }) => {
    const { forgetBias } = definition.config.parse(cell.params);
    const wanted = Math.min(10, Math.ceil(Math.log(Math.max(health.steps, 2))));
    return typeof forgetBias === 'number' && forgetBias < wanted
      ? params(cell, `Start the forget bias at ${wanted}: it remembers for ${Math.round(Math.exp(wanted))} steps`, {
          forgetBias: wanted,
        })
      : null;
  },
  // Le, Jaitly and Hinton 2015, “A simple way to initialize recurrent networks”; Saxe, McClelland and Ganguli 2014 on orthogonal ones.
  'orthogonal-start': ({ cell, definition }) => {
    const described = cellOf(definition.kind, cell.params);
    const plain = plainRecurrence(cellProgram(described.equations, described.hidden));
    // What is squashed with a slope that is always below 1 fades whatever the matrix.
    if (plain !== null && plain.gamma < 1) return null;
    const had = described.settings['recurrentInitializer'] === 'orthogonal';
    return had || startOpen(described).size === 0
      ? null
      : params(cell, `Start the ${definition.word}’s recurrent weights orthogonal: they make no state longer or shorter`, {
          recurrentInitializer: 'orthogonal',
        });
  },
  residual: ({ wrapper }) =>
    Number(wrapper.params['layers'] ?? 1) > 1 &&
    wrapper.params['residual'] !== true &&
    'residual' in (findLayer(wrapper.kind)?.config.shape ?? {})
      ? params(wrapper, 'Let layers add their input to their output', { residual: true })
      : null,
  truncation: ({ document }) => {
    const { data } = document;
    if (data?.task !== 'language-model' || data.languageModel.unit === 'line') return null;
    const chunk = Math.floor(data.languageModel.chunk / 2);
    if (chunk < shortestChunk) return null;
    return {
      label: `Send gradients back through ${chunk} steps, half as many`,
      apply: (whole) => ({ ...whole, data: { ...data, languageModel: { ...data.languageModel, chunk } } }),
    };
  },
  activation: ({ cell }) =>
    cell.params['activation'] === 'relu' ? params(cell, 'Use tanh in place of relu', { activation: 'tanh' }) : null,
  'learning-rate': ({ document }) => {
    const learningRate = Number((document.training.learningRate / 3).toPrecision(2));
    return training(`Lower the learning rate to ${learningRate}`, { learningRate });
  },
};

const clip = 1;
const shortestChunk = 8;

const training = (label: string, patch: Partial<UnrollDocument['training']>): Remedy => ({
  label,
  apply: (document) => ({ ...document, training: { ...document.training, ...patch } }),
});

const params = ({ id }: GraphNode, label: string, patch: GraphNode['params']): Remedy => ({
  label,
  apply: (document) => setParams(document, id, patch),
});
