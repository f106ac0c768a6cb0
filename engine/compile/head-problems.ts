import type { TaskKind } from '../document/data-binding.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { findLayer } from '../layers/registry.ts';
import type { Problem } from '../shapes/problem.ts';
import type { NodeInputs, TimeSymbol } from '../shapes/value-type.ts';

/** What a task asks of the graph's end: numbers or classes, and on which time axis; `null` is one target per example. */
const wanted: Readonly<Record<TaskKind, { readonly numbers: boolean; readonly time: TimeSymbol | null }>> = {
  'sequence-classification': { numbers: false, time: null },
  'step-tagging': { numbers: false, time: 'T' },
  'sequence-regression': { numbers: true, time: null },
  forecasting: { numbers: true, time: null },
  'sequence-to-sequence': { numbers: false, time: 'U' },
  'language-model': { numbers: false, time: 'T' },
};

/** Problems of the graph's ends: one head, and one that fits the task; inputs that the data has. */
export function headProblems(document: UnrollDocument, inputs: ReadonlyMap<string, NodeInputs>): Problem[] {
  if (document.nodes.length === 0) {
    return [
      error(
        null,
        'the canvas is empty',
        'Add an input, the layers between, and a head, from the Layers panel; or start from a template (File menu, or unroll templates).',
      ),
    ];
  }
  const heads = document.nodes.filter((node) => findLayer(node.kind)?.family === 'head');
  if (heads.length === 0)
    return [error(null, 'the graph has no head', 'Add Dense softmax, Dense sigmoid or Regression at its end.')];
  if (heads.length > 1) return heads.map((head) => error(head.id, `the graph has ${heads.length} heads`, 'Keep one head.'));
  const head = heads[0];
  const task = document.data?.task;
  if (!head || !task) return [];
  return [...kindProblems(head, task), ...timeProblems(head.id, task, inputs), ...inputProblems(document, task)];
}

function kindProblems(head: { readonly id: string; readonly kind: string }, task: TaskKind): Problem[] {
  const { numbers } = wanted[task];
  if (numbers !== (head.kind === 'linear-regression')) {
    return [
      numbers
        ? error(head.id, 'the data asks for numbers, but this head gives classes', 'Use Regression.')
        : error(head.id, 'the data asks for classes, but this head gives numbers', 'Use Dense softmax or Dense sigmoid.'),
    ];
  }
  const tokens = task === 'sequence-to-sequence' || task === 'language-model';
  if (tokens && head.kind !== 'dense-softmax')
    return [error(head.id, 'the data asks for one token of a vocabulary at each step', 'Use Dense softmax.')];
  return [];
}

function timeProblems(head: string, task: TaskKind, inputs: ReadonlyMap<string, NodeInputs>): Problem[] {
  const input = inputs.get(head)?.['input']?.[0];
  const { time } = wanted[task];
  if (input === undefined) return [];
  if (time === null) {
    if (input.type === 'vector') return [];
    return [
      error(
        head,
        'the data has one target per example, but this head gets every step',
        'Set the recurrent layer before it to “last step”, “mean” or “max”.',
      ),
    ];
  }
  if (input.type !== 'sequence') {
    const what = task === 'step-tagging' ? 'a tag per step' : 'a token to say at every step';
    return [
      error(
        head,
        `the data has ${what}, but this head gets one vector per example`,
        'Set the recurrent layer before it to “every step”.',
      ),
    ];
  }
  if (input.time === time) return [];
  return [
    time === 'U'
      ? error(
          head,
          'the head must speak at the target’s steps, but this wire has the input’s',
          'Put a Decoder before it, fed by Target tokens.',
        )
      : error(
          head,
          `the data has one target per input step (${time}), but this wire has ${input.time} steps`,
          'Take the layer out that changes the number of steps.',
        ),
  ];
}

function inputProblems(document: UnrollDocument, task: TaskKind): Problem[] {
  const problems: Problem[] = [];
  for (const node of document.nodes) {
    if (node.kind === 'token-input' && task === 'forecasting')
      problems.push(error(node.id, 'the data is numeric', 'Use Numeric series as the input.'));
    if (node.kind === 'target-input' && task !== 'sequence-to-sequence')
      problems.push(
        error(
          node.id,
          'this data has no target sequence',
          'Remove this node, or choose the task “sequence to sequence” in the Data panel.',
        ),
      );
  }
  if (task === 'sequence-to-sequence' && !document.nodes.some((node) => node.kind === 'target-input')) {
    problems.push(
      error(
        null,
        'nothing reads the target that was said so far',
        'Add Target tokens, embed them, and wire them into a Decoder.',
      ),
    );
  }
  return problems;
}

const error = (node: string | null, message: string, fix: string): Problem => ({
  severity: 'error',
  node,
  edge: null,
  message,
  fix,
});
