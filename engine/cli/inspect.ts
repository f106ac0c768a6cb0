import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { SplitName } from '../document/split-names.ts';
import { writeFolder } from '../export/write-folder.ts';
import { encodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import { beamMethods } from '../protocol/beam.ts';
import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import type { GradientOf, InspectedInput, Numbers, Place, Trace, TracedNode, TracedRecurrence } from '../protocol/inspect.ts';
import { type LocalEngine, runArgument, startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';
import { inputOf } from './predict.ts';

export interface InspectOptions {
  readonly split?: SplitName;
  readonly index?: number;
  readonly target?: string;
  readonly of?: string;
  readonly step?: number;
  readonly node?: string;
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly out?: string;
  readonly overwrite: boolean;
  readonly weights: 'best' | 'last' | { readonly step: number };
}

/** Prints what happens inside a run's network on one input: values, gradients term by term, what beam search looked at, spectra. */
export async function inspectCommand(
  output: Output,
  argument: string,
  text: string | undefined,
  options: InspectOptions,
): Promise<void> {
  const of = options.of === undefined && options.step === undefined ? null : gradientAskedFor(options);
  const engine = startLocalEngine();
  const run = await runArgument(argument);
  const { target, weights } = options;
  const input = await inspectedInput(engine, run, text, options);
  const trace = await engine.call['inspect.trace']({ run, input, weights, ...(target === undefined ? {} : { target }) });
  const nodes = chosen(trace, options.node);
  const written = new Written();
  const { nodes: _nodes, trace: id, data: _data, ...about } = trace;
  const inspection = { event: 'inspection', ...about };
  output.tell(inspection);
  written.events.push(inspection);
  for (const line of words(trace)) output.say(line);
  for (const node of nodes)
    for (const recurrence of node.recurrent) {
      const place = { node: node.node, layer: recurrence.layer, direction: recurrence.direction };
      await tellValues(engine, output, written, id, place, recurrence);
    }
  const objective = of ?? gradientFor(trace);
  if (objective !== null) {
    await tellGradients(engine, output, written, trace, nodes, objective);
    await tellSaliency(engine, output, written, trace, objective);
  }
  if (trace.prediction.kind === 'sequence' || options.beam !== undefined) await tellBeam(engine, output, written, id, options);
  for (const node of nodes)
    for (const { layer, direction } of node.recurrent) {
      const place = { node: node.node, layer, direction };
      const { matrices } = await engine.call['inspect.spectrum']({ trace: id, ...place });
      for (const { name, spectrum, singular } of matrices) {
        if (spectrum === null) continue;
        const { eigenvalues, radius } = spectrum;
        const line = { event: 'spectrum', ...place, matrix: name, eigenvalues, radius, singular };
        output.tell(line);
        written.events.push(line);
        output.say(`${titleOf(place)} ${name}: ρ ${radius.toPrecision(4)}, σ₁ ${singular.toPrecision(4)}`);
      }
    }
  if (options.out === undefined) return;
  const { directory } = await writeFolder(resolve(options.out), written.files(), { overwrite: options.overwrite });
  output.tell({ event: 'done', directory });
  output.say(directory);
}

/** A row of the data where one is asked for, otherwise the text. */
async function inspectedInput(
  { call }: LocalEngine,
  run: string,
  text: string | undefined,
  { split, index }: InspectOptions,
): Promise<InspectedInput> {
  if (split !== undefined && text === undefined) return { kind: 'example', split, index: index ?? 0 };
  if (text === undefined || split !== undefined || index !== undefined) {
    throw new UserError({
      code: 'bad-input',
      message: 'Expected either a text, or a row of the data.',
      hint: 'Give TEXT, or --split NAME with --index N.',
    });
  }
  const { facts, document } = await call['runs.get']({ run });
  return inputOf(text === '-' ? await readAll(process.stdin) : text, facts, document.data);
}

/** What `--of` and `--step` name. @throws UserError `bad-input` */
function gradientAskedFor({ of = 'step', step }: Pick<InspectOptions, 'of' | 'step'>): GradientOf {
  const [, kind = of, name] = /^(class|token)=(.+)$/s.exec(of) ?? [];
  const at = step === undefined ? {} : { step };
  if (kind === 'loss' && step === undefined) return { kind };
  if (kind === 'step' && step !== undefined) return { kind, step };
  if (kind === 'class' && name !== undefined) return { kind, class: name, ...at };
  if (kind === 'token' && name !== undefined && step !== undefined) return { kind, token: name, step };
  throw new UserError({
    code: 'bad-input',
    message: 'What the gradient is to be of is not clear.',
    hint: 'Give --of loss; --of step with --step N; --of class=NAME, with --step N or without; or --of token=NAME with --step N.',
  });
}

function chosen({ nodes }: Trace, wanted: string | undefined): readonly TracedNode[] {
  const recurring = nodes.filter(({ recurrent }) => recurrent.length > 0);
  if (wanted === undefined) return recurring;
  const found = recurring.filter(({ node, module }) => node === wanted || module === wanted);
  if (found.length > 0) return found;
  throw new UserError({
    code: 'not-traced',
    message: `Nothing recurs in a node ${wanted}.`,
    hint: `The nodes in which something does: ${recurring.map(({ node }) => node).join(', ') || 'none'}.`,
  });
}

async function tellValues(
  { call }: LocalEngine,
  output: Output,
  written: Written,
  trace: string,
  place: Place,
  { values: lines, states }: TracedRecurrence,
): Promise<void> {
  const names = [...lines, ...states].map(({ name }) => name);
  const { values } = await call['inspect.values']({ trace, ...place, names });
  const own = Object.fromEntries(lines.flatMap(({ name }) => (values[name] ? [[name, rowsOf(values[name])]] : [])));
  output.tell({ event: 'trace', ...place, values: own });
  for (const [name, array] of Object.entries(values)) written.add('trace', place, name, array);
}

async function tellGradients(
  { call }: LocalEngine,
  output: Output,
  written: Written,
  { trace, steps }: Trace,
  nodes: readonly TracedNode[],
  of: GradientOf,
): Promise<void> {
  const gradient = await call['inspect.gradient']({ trace, of });
  const { says, norms } = await call['inspect.connectivity']({ trace });
  written.add('connectivity', null, 'connectivity', norms);
  for (const { node } of nodes)
    for (const { layer, direction, ...found } of gradient.nodes.find((one) => one.node === node)?.recurrent ?? []) {
      const place = { node, layer, direction };
      const line = { event: 'gradient', of, ...place, ...found, says, connectivity: rowsOf(norms) };
      output.tell(line);
      written.events.push(line);
      const { values } = await call['inspect.gradientValues']({ trace, of, ...place, names: Object.keys(found.states) });
      for (const [name, array] of Object.entries(values)) written.add('gradient', place, name, array);
      for (const [name, of_t] of Object.entries(found.states))
        output.say(
          `${titleOf(place)} ‖∂/∂${name}‖  ${of_t.map((norm, t) => `${steps[t]?.token ?? ''} ${norm.toPrecision(3)}`).join('  ')}`,
        );
    }
}

/** Which steps of the input matter. */
async function tellSaliency(
  { call }: LocalEngine,
  output: Output,
  written: Written,
  { trace, steps }: Trace,
  of: GradientOf,
): Promise<void> {
  const { pixels, ...found } = await call['inspect.saliency']({ trace, of });
  const line = { event: 'saliency', of, ...found };
  output.tell(line);
  written.events.push(line);
  for (const [name, numbers] of Object.entries(pixels ?? {})) written.add('saliency', null, name, numbers);
  output.say(`saliency  ${steps.map(({ token }, t) => `${token} ${(found.integrated[t] ?? 0).toPrecision(3)}`).join('  ')}`);
}

/** What beam search finds, best first, and every token that it looked at. */
async function tellBeam(
  { call }: LocalEngine,
  output: Output,
  written: Written,
  trace: string,
  { beam, lengthPenalty }: Pick<InspectOptions, 'beam' | 'lengthPenalty'>,
): Promise<void> {
  const { hypotheses, tree } = await call['inspect.beam'](
    beamMethods['inspect.beam'].params.parse({ trace, width: beam, lengthPenalty }),
  );
  const found = hypotheses.map(({ text, tokens, logProbability, finished }) => ({ text, tokens, logProbability, finished }));
  const line = { event: 'beam', width: tree.width, lengthPenalty: tree.lengthPenalty, hypotheses: found, nodes: tree.nodes };
  output.tell(line);
  written.events.push(line);
  output.say(`beam search, ${tree.nodes.length} tokens looked at`);
  for (const { logProbability, text, finished } of found)
    output.say(`${logProbability.toFixed(4).padStart(9)}  ${text}${finished ? '' : ' …'}`);
}

/** The loss where it is known, otherwise what the network says, at its last step. */
function gradientFor({ loss, prediction }: Trace): GradientOf | null {
  if (loss !== null) return { kind: 'loss' };
  const name =
    prediction.kind === 'class'
      ? prediction.ranked[0]?.label
      : prediction.kind === 'tags'
        ? prediction.tags.at(-1)?.label
        : prediction.kind === 'numbers'
          ? prediction.names[0]
          : undefined;
  return name === undefined ? null : { kind: 'class', class: name };
}

const titleOf = ({ node, layer, direction }: Place): string => `${node} · layer ${layer + 1} · ${direction}`;

function words({ steps, target, loss, equality, step }: Trace): readonly string[] {
  return [
    `weights of step ${step}: ${steps.map(({ token }) => token).join(' ')}`,
    ...(target === null
      ? []
      : [
          `${target.given ? 'target' : 'what it says itself'}: ${target.values.join(' ')}${loss === null ? '' : ` · loss ${loss.toPrecision(5)}`}`,
        ]),
    `equations and kernels are ${equality.difference.toExponential(1)} apart${equality.difference <= equality.within ? '' : ` at ${equality.node}: more than rounding`}`,
  ];
}

/** What `--out` writes: every array with where it is from, and the lines without arrays. */
class Written {
  readonly events: Readonly<Record<string, unknown>>[] = [];
  readonly #arrays = new Map<string, NamedTensor>();
  readonly #index: Readonly<Record<string, unknown>>[] = [];

  add(event: string, place: Place | null, name: string, numbers: Numbers): void {
    const { shape } = numbers;
    const tensor = [event, ...(place === null ? [] : [place.node, `layer${place.layer}`, place.direction]), name].join('/');
    this.#arrays.set(tensor, { dtype: 'F32', shape, data: floatsOf(numbers) });
    this.#index.push({ tensor, event, ...place, name, shape });
  }

  files(): ReadonlyMap<string, Uint8Array | string> {
    return new Map<string, Uint8Array | string>([
      ['arrays.safetensors', encodeSafetensors(this.#arrays)],
      ['index.json', `${figuresToJson({ arrays: this.#index, events: this.events }, 2)}\n`],
    ]);
  }
}

/** `[T][units]` */
function rowsOf(numbers: Numbers): number[][] {
  const [rows = 0, width = 0] = numbers.shape;
  const all = floatsOf(numbers);
  return Array.from({ length: rows }, (_, t) => [...all.subarray(t * width, (t + 1) * width)]);
}

function floatsOf({ data }: Numbers): Float32Array {
  const bytes = Buffer.from(data, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}
