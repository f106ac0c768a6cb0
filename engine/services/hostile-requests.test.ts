import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { emptyDocument } from '../document/schema.ts';
import { encodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import { findHome } from '../home.ts';
import { dispatch } from '../links/dispatch.ts';
import { type Handlers, type MethodName, methods } from '../protocol/contract.ts';
import { protocolVersion, type Reply, reply } from '../protocol/envelope.ts';
import { createHandlers } from './handlers.ts';

/*
 * Whatever a window sends, the engine answers with a result of the promised shape or with an error that has a name, and what it was not
 * asked to write stays as it is. Home, the home folder, temporary files and the working folder all lie in one scratch folder.
 */
const scratch = mkdtempSync(join(tmpdir(), 'unroll-hostile-'));
const at = (...names: string[]): string => join(scratch, ...names);
const before = { cwd: process.cwd(), home: process.env['HOME'], temporary: process.env['TMPDIR'] };

let handlers: Handlers;
let putAway: () => Promise<void>;
let run = '';

/** What no request may change. */
const precious: Readonly<Record<string, string>> = {
  'thesis.json': '{"chapters":3}',
  'letter.txt': 'Dear all',
  'table.csv': 'text,label\ngood film,yes\nbad film,no\nfine play,yes\npoor play,no\n',
  'folder/keep.bin': '\0\u0001',
};

/** Content of every precious file, and what lies beside them. `import.open` may put a run beside other files, but over none. */
function state(method: MethodName): string {
  const contents = Object.keys(precious).map((name) => `${name}: ${readFileSync(at('precious', name), 'utf8')}`);
  const beside = method === 'import.open' ? [] : [...readdirSync(at('precious', 'folder')), ...readdirSync(at('precious'))];
  return [...contents, ...beside].join('\n');
}

beforeAll(async () => {
  for (const folder of ['home', 'tmp', 'cwd', 'precious/folder']) mkdirSync(at(folder), { recursive: true });
  for (const [name, content] of Object.entries(precious)) writeFileSync(at('precious', name), content);
  symlinkSync(at('loop'), at('loop'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [at('fifo')]);
  writeFileSync(at('damaged.npy'), '\x93NUMPY\x01');
  Object.assign(process.env, { HOME: at('home'), TMPDIR: at('tmp') });
  process.chdir(at('cwd'));
  const made = createHandlers({
    home: findHome({ UNROLL_HOME: at('home', 'unroll') }),
    initial: { kind: 'template', name: 'syllables' },
    emit: () => undefined,
  });
  handlers = made.handlers;
  putAway = () => made.runs.putAway();

  const shapes = {
    'embedding.weight': [9, 3],
    'lstm.weight_ih_l0': [16, 3],
    'lstm.weight_hh_l0': [16, 4],
    'fc.weight': [2, 4],
    'fc.bias': [2],
  };
  const tensors = Object.entries(shapes).map(([name, shape]): [string, NamedTensor] => [
    name,
    { dtype: 'F32', shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
  ]);
  writeFileSync(at('model.safetensors'), encodeSafetensors(new Map(tensors)));
  const { questions } = await handlers['import.inspect']({ path: at('model.safetensors'), answers: {} });
  const answers = Object.fromEntries(questions.map(({ id, chosen, options }) => [id, chosen ?? options[0]?.value ?? '']));
  run = (await handlers['import.open']({ path: at('model.safetensors'), answers })).run.id;
  writeFileSync(at('document.unroll.json'), JSON.stringify(emptyDocument()));
});

afterAll(async () => {
  await putAway();
  process.chdir(before.cwd);
  for (const [name, value] of [
    ['HOME', before.home],
    ['TMPDIR', before.temporary],
  ] as const) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(scratch, { recursive: true, force: true });
});

/** Sent whole, these start what a test must not: they are sent malformed alone. */
const neverWhole: Partial<Record<MethodName, string>> = {
  'app.setup.start': 'it downloads TensorFlow and compiles a binding',
  'app.devices': 'it loads native libraries',
};
/** These would take the run away from the others, or train it. */
const notOnTheRun: readonly MethodName[] = ['runs.delete', 'training.resume', 'training.start'];

/** What stands in a request's field of this name where the request makes sense. */
function sensible(method: MethodName, name: string): unknown {
  const file = method.startsWith('import')
    ? 'model.safetensors'
    : method.startsWith('document')
      ? 'document.unroll.json'
      : 'precious/table.csv';
  const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] };
  const values: Record<string, unknown> = {
    protocol: protocolVersion,
    path: at(file),
    directory: method === 'files.list' ? at('precious') : at('cwd', method),
    folder: at('cwd', 'imported'),
    run: notOnTheRun.includes(method) ? 'no-such-run' : run,
    from: 'no-such-run',
    document: emptyDocument(),
    binding: { source: { kind: 'file', path: at('precious', 'table.csv'), reader }, task: 'sequence-classification' },
    reader: {},
    rows: [[1], [2]],
    text: 'good film',
  };
  return values[name];
}

/** Some value that a JSON schema allows, with its optional fields or without. */
function sample(schema: unknown, method: MethodName, optional: boolean): unknown {
  const { anyOf, oneOf, const: constant, ...rest } = jsonSchema.parse(schema);
  const choice = (anyOf ?? oneOf)?.[0];
  if (choice !== undefined) return sample(choice, method, optional);
  if (constant !== undefined) return constant;
  if (rest.enum !== undefined) return rest.enum[0];
  if (rest.type === 'object') {
    const entries = Object.entries(rest.properties ?? {}).filter(([name]) => optional || rest.required?.includes(name));
    return Object.fromEntries(entries.map(([name, field]) => [name, sensible(method, name) ?? sample(field, method, optional)]));
  }
  if (rest.type === 'array') return Array.from({ length: rest.minItems ?? 0 }, () => sample(rest.items, method, optional));
  if (rest.type === 'string') return 'x';
  if (rest.type === 'boolean') return false;
  if (rest.type === 'null') return null;
  return Math.max(rest.minimum ?? 0, (rest.exclusiveMinimum ?? -1) + 1);
}
const jsonSchema = z.object({
  type: z.union([z.string(), z.array(z.string()).transform((types) => types[0])]).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  minItems: z.number().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
});

const whole = (method: MethodName, optional: boolean): unknown =>
  sample(z.toJSONSchema(methods[method].params, { io: 'input', unrepresentable: 'any' }), method, optional);

/** In place of any value at all. */
const hostileValues = (): unknown[] => [
  ...[null, true, 0, -1, 0.5, 1, 2 ** 31, 2 ** 53, 1e308, [], {}, [[1]], { kind: 'file' }],
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    'x'.repeat(300),
    'x'.repeat(5000),
    '\ud800',
    '..',
    '../../x',
    'no-such-run',
    '__proto__',
    'constructor',
    '~',
  ],
  ...[
    'missing',
    'missing/deep/x.json',
    'precious',
    'precious/folder',
    'fifo',
    'loop',
    'loop/x.json',
    'damaged.npy',
    'model.safetensors',
  ].map((name) => at(name)),
  ...Object.keys(precious).map((name) => at('precious', name)),
  ...[
    at('precious', 'letter.txt', 'x.json'),
    at('missing', '\0.json'),
    at(`${'x'.repeat(300)}.json`),
    '/dev/zero',
    '/proc/self/mem',
    `${at('fifo')};${at('loop')}`,
  ],
];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The value with each of its parts, itself too, in turn replaced, left out, or given something besides. */
function* mutations(value: unknown): Generator<unknown> {
  yield* hostileValues();
  if (!isObject(value)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) for (const changed of mutations(item)) yield value.with(index, changed);
    return;
  }
  yield { ...value, extra: 1 };
  for (const [name, item] of Object.entries(value)) {
    const { [name]: _, ...without } = value;
    yield without;
    if (typeof item === 'boolean') yield { ...value, [name]: !item };
    for (const changed of mutations(item)) yield { ...value, [name]: changed };
  }
}

const ms = 10_000;
/** What is wrong with the engine's answer to this request; `null` when nothing is. */
async function complaint(method: MethodName, params: unknown): Promise<string | null> {
  const text = JSON.stringify({ id: 1, method, params });
  const told: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  const answer = await Promise.race([
    dispatch(text, handlers, undefined, (_, cause) => told.push(cause instanceof Error ? (cause.stack ?? '') : '')),
    late,
  ]);
  clearTimeout(timer);
  const sent = `${method} ${text.slice(0, 600)}`;
  if (answer === null) return `${sent}: no answer in ${ms} ms`;
  const parsed: Reply = reply.parse(JSON.parse(answer));
  if (parsed.ok) {
    const result = methods[method].result.safeParse(parsed.result);
    return result.success ? null : `${sent}: ${z.prettifyError(result.error)}`;
  }
  const { code, message } = parsed.error;
  return code === 'unexpected' || message.trim() === '' ? `${sent}: ${code} ${message} ${told.join().slice(0, 600)}` : null;
}

const names = Object.keys(methods).filter((name): name is MethodName => name in methods);

it.each(names)('%s: malformed requests are refused by name', async (method) => {
  const reason = neverWhole[method];
  if (reason !== undefined) console.log(`${method} is sent malformed alone: ${reason}`);
  const complaints: string[] = [];
  const kept = state(method);
  const all = [true, false]
    .map((optional) => whole(method, optional))
    .flatMap((base) => [base, ...mutations(base)])
    .filter((params) => reason === undefined || !methods[method].params.safeParse(params).success);
  for (const params of all) {
    const found = await complaint(method, params);
    if (found !== null) complaints.push(found);
    if (complaints.length === 20) break;
  }
  expect(complaints).toEqual([]);
  expect(state(method)).toBe(kept);
});
