import '../../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model } from '../../compile/materialize.tf.ts';
import { rankMerges } from '../../data/tokenizer/subword.ts';
import { tokenizeText } from '../../data/tokenizer/tokenize.ts';
import { decodeSafetensors, type NamedTensor } from '../../files/safetensors.ts';
import { warmPython } from '../warm-python.test-support.ts';
import { writeFolder } from '../write-folder.ts';
import { codeFiles, exportPytorch } from './export.ts';
import { findTorch } from './find-torch.ts';
import { computeGoldens } from './goldens.tf.ts';
import { namedCase } from './named-case.ts';
import { GraphBuilder, type ParityCase, parityCase } from './parity-cases.ts';
import { stateDict } from './state-dict.ts';

const torch = findTorch();
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
if ('reason' in torch) console.warn(`exported folders are not run: ${torch.reason}`);
const withTorch = describe.skipIf('reason' in torch && !required);

/** How far each recurrent matrix of a fresh network is from having orthonormal rows or columns. */
const startOf = `
import json, torch, network
fresh, found = network.new_network(), []
for one in json.loads(network.FOLDER.joinpath("recurrences.json").read_text()):
    module = fresh.get_submodule(one["module"])
    for block in one["parameters"]:
        if block["name"] in one["recurrent"]:
            matrix = getattr(module, block["weight"])[block["from"]:block["to"]].detach()
            gram = matrix @ matrix.T if len(matrix) <= matrix.shape[1] else matrix.T @ matrix
            apart = (gram - torch.eye(len(gram))).abs().max().item()
            found.append({"matrix": f'{one["module"]} {one["layer"]} {one["direction"]} {block["name"]}', "apart": apart})
print(json.dumps(found))`;

async function exported(one: ParityCase, parameters = initializeParameters(one.plan, 3)) {
  await tf.setBackend('cpu');
  const model = new Model(one.plan, parameters);
  const goldens = await computeGoldens(model, one.encoding);
  model.dispose();
  return { goldens, files: exportPytorch({ ...one, parameters, goldens }) };
}

describe('a GRU leaves in PyTorch’s convention (rows L6 and L7)', () => {
  const exportOf = (form: string) => {
    const { plan } = namedCase(`gru ${form} · forward · depth 1 · every-step`);
    const ours = initializeParameters(plan, 3);
    return { ours, theirs: stateDict(plan, ours) };
  };
  const signs = { 'relevance-before': { r: 1, u: -1, n: 1 }, simplified: { u: -1, n: 1 } } as const;
  const weights = ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0'];

  it.each(Object.keys(signs).flatMap((form) => weights.map((name) => [form, name] as const)))(
    '%s, %s: only the rows of u change sign',
    (form, name) => {
      const { ours, theirs } = exportOf(form);
      const [app, torch] = [ours, theirs].map((all) => [...(all.get(`recurrent.${name}`)?.data ?? [])]);
      const gates = Object.values(signs[form as keyof typeof signs]);
      const block = (app?.length ?? 0) / gates.length;
      expect(block).toBeGreaterThan(0);
      expect(torch).toEqual(app?.map((value, index) => value * (gates[Math.floor(index / block)] ?? 0)));
    },
  );

  it('the reset-after form leaves unchanged', () => {
    const { ours, theirs } = exportOf('reset-after');
    expect(theirs).toEqual(ours);
  });
});

describe('exportPytorch', () => {
  it('keeps the weights exactly', async () => {
    const one = namedCase('lstm · concat · depth 1 · every-step');
    const { files } = await exported(one);
    const { tensors } = decodeSafetensors(files.get('model.safetensors') as Uint8Array);
    expect(tensors).toEqual(initializeParameters(one.plan, 3));
  });

  it('writes only the classes and functions that the model needs', () => {
    const code = (name: string): string => codeFiles(namedCase(name)).get('model.py') ?? '';
    const plain = code('lstm · concat · depth 1 · every-step');
    expect(plain.match(/^(class|def) \w+/gm)).toEqual(['def unroll', 'class BiLSTMTagger']);
    expect(code('rnn identity · forward · depth 2 · max').match(/^(class|def) \w+/gm)).toEqual([
      'def real_steps',
      'def max_over_steps',
      'class IdentityRNN',
      'class RNNClassifier',
    ]);
    expect(code('embedding and dense, no recurrence').match(/^(class|def) \w+/gm)).toEqual(['class Tagger']);
  });

  it.each([
    ['gru-cell', {}, 'h, zeros'],
    ['lstm-cell', {}, 'h and c, zeros'],
    ['custom-cell', { equations: "m' = 0.9 * m + h\nc' = c + m\nh' = tanh(W x + U c + b_h)" }, 'h, m and c, zeros'],
  ])('of %s says what its state is, in the cell’s own names', (kind, settings, parts) => {
    const graph = new GraphBuilder();
    graph.add('tokens', 'token-input');
    graph.add('embed', 'embedding', { width: 3 }, { tokens: 'tokens.tokens' });
    graph.add('cell', kind, { hidden: 4, ...settings });
    graph.add('layer', 'recurrent', { output: 'last' }, { sequence: 'embed.sequence', cell: 'cell.cell' });
    graph.add('head', 'dense-softmax', {}, { input: 'layer.output' });
    const code = codeFiles(parityCase('state', graph.document('sequence-classification'))).get('model.py');
    expect(code).toContain(`"""State before the first step: ${parts} [layers * directions, B, H]."""`);
  });

  it('never lets a name become code', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '"""',
        "'''",
        '\n',
        '\\',
        '"; import os; os.system("x") #',
        '../../etc/passwd',
        'class',
        'None',
        '{0}',
        '%s',
        '`',
        '\u2028',
      ),
    );
    const files = (label: string, documentName: string, names: readonly string[]): Map<string, Uint8Array | string> => {
      const graph = new GraphBuilder();
      graph.add('tokens', 'token-input');
      graph.add('embed', 'embedding', { width: 2 }, { tokens: 'tokens.tokens' });
      graph.add('cell', 'gru-cell', { hidden: 2 });
      graph.add('layer', 'recurrent', { output: 'last' }, { sequence: 'embed.sequence', cell: 'cell.cell' });
      graph.add('head', 'dense-softmax', {}, { input: 'layer.output' });
      const base = parityCase('hostile', graph.document('sequence-classification'));
      const document = { ...base.document, name: documentName, nodes: base.document.nodes.map((node) => ({ ...node, label })) };
      const encoding = {
        ...base.encoding,
        classes: [...names],
        vocabulary: [...(base.encoding.vocabulary ?? []).slice(0, 4), ...names],
      };
      const goldens = { batches: [], predictions: [] };
      return exportPytorch({ document, plan: base.plan, encoding, parameters: initializeParameters(base.plan, 1), goldens });
    };
    const harmless = files('a', 'b', ['c']);
    fc.assert(
      fc.property(hostile, hostile, fc.array(hostile, { maxLength: 4 }), (label, name, names) => {
        const made = files(label, name, names);
        expect([...made.keys()]).toEqual([...harmless.keys()]);
        for (const [file, content] of made) {
          if (file.endsWith('.json')) continue;
          expect(content, file).toEqual(harmless.get(file));
        }
        const config = JSON.parse(made.get('config.json') as string) as { name: string };
        const vocabulary = JSON.parse(made.get('vocabulary.json') as string) as { classes: string[] };
        expect(config.name).toBe(name);
        expect(vocabulary.classes).toEqual(names);
      }),
    );
  });
});

withTorch('an exported folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-export-'));
  beforeAll(() => {
    if ('reason' in torch) throw new Error(torch.reason);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }), 60_000);

  const warm = warmPython('python' in torch ? torch.python : '', ['torch']);
  const python = (folder: string, args: readonly string[], input = '') => warm.run({ folder, arguments: args, input });
  let number = 0;
  const written = async (one: ParityCase, parameters?: Map<string, NamedTensor>) => {
    const { goldens, files } = await exported(one, parameters);
    const { directory } = await writeFolder(join(root, String(number++)), files, { overwrite: false });
    return { goldens, directory };
  };

  it.each([
    ['lstm-cell', { projection: 2 }],
    ['gru-cell', { form: 'relevance-before' }],
    ['rnn-cell', { activation: 'sigmoid' }],
    ['custom-cell', {}],
  ])('starts afresh with recurrent matrices that are orthogonal where %s is set so', async (kind, settings) => {
    const start = async (recurrentInitializer: string): Promise<readonly { matrix: string; apart: number }[]> => {
      const graph = new GraphBuilder();
      graph.add('tokens', 'token-input');
      graph.add('embed', 'embedding', { width: 3 }, { tokens: 'tokens.tokens' });
      graph.add('cell', kind, { ...settings, hidden: 4, recurrentInitializer });
      graph.add('layer', 'bidirectional', { output: 'last', layers: 2 }, { sequence: 'embed.sequence', cell: 'cell.cell' });
      graph.add('head', 'dense-softmax', {}, { input: 'layer.output' });
      const files = codeFiles(parityCase('start', graph.document('sequence-classification')));
      const { directory } = await writeFolder(join(root, String(number++)), files, { overwrite: false });
      const { stdout, stderr } = await python(directory, ['-c', startOf]);
      expect(stderr).toBe('');
      return JSON.parse(stdout) as { matrix: string; apart: number }[];
    };
    const [uniform, orthogonal] = [await start('uniform'), await start('orthogonal')];
    // Two directions of two layers.
    expect(orthogonal.length).toBeGreaterThanOrEqual(4);
    expect(orthogonal.map(({ matrix }) => matrix)).toEqual(uniform.map(({ matrix }) => matrix));
    for (const { apart } of uniform) expect(apart).toBeGreaterThan(0.1);
    for (const { apart } of orthogonal) expect(apart).toBeLessThan(1e-5);
  });

  it('passes its own parity test, whatever it holds', async () => {
    const names = [
      'lstm · concat · depth 2 · every-step',
      'gru relevance-before · sum · depth 1 · last',
      'gru simplified · concat · depth 1 · last',
      'lstm projected · concat · depth 2 · every-step',
      'lstm projected, peepholes, coupled · mean · depth 1 · last',
      'rnn sigmoid · backward · depth 1 · max',
      'sigmoid head per example',
      'sigmoid head per step',
      'regression from text',
      'forecast from a series',
      'classes from a series',
      'decoder · lstm · additive',
      'decoder · gru reset-after · dot',
      'decoder · gru relevance-before · none',
      'decoder · lstm bridged to gru reset-after · 2 layers',
      'decoder · listens to a pyramid',
      'image to sequence · all',
      'video to class · mean',
      'language model · lstm',
      'decoder · sub-words',
      'decoder · series to sub-words',
      'language model · sub-words',
    ];
    const folders: string[] = [];
    for (const name of names) folders.push((await written(namedCase(name))).directory);
    // All in one process, each as if run alone: loading torch takes longer than the tests.
    const program = `
import os, runpy, sys
for folder in sys.stdin.read().split("\\n"):
    for file in os.listdir(folder):
        sys.modules.pop(file[: -len(".py")], None)
    os.chdir(folder)
    sys.path[0] = folder
    runpy.run_path("test_parity.py", run_name="__main__")`;
    const { stdout, stderr, status } = await python(root, ['-c', program], folders.join('\n'));
    expect(stderr).toBe('');
    const tests = ['ok  test_padded_batches', 'ok  test_padding_changes_nothing', 'ok  test_predictions'];
    expect(stdout.trim().split('\n')).toEqual(names.flatMap(() => tests));
    expect(status).toBe(0);
  });

  it('fails its parity test when one weight is off', async () => {
    const one = namedCase('lstm · concat · depth 1 · every-step');
    const { directory } = await written(one);
    const file = join(directory, 'model.safetensors');
    const bytes = readFileSync(file);
    bytes.writeFloatLE(bytes.readFloatLE(bytes.length - 4) + 0.001, bytes.length - 4);
    writeFileSync(file, bytes);
    const { status, stderr } = await python(directory, ['test_parity.py']);
    expect(status).toBe(1);
    expect(stderr).toContain("padded batch: the app's numbers differ by");
  });

  it.each([
    ['equally probable', 0, 0],
    ['less probable', 1, 1],
  ])('of another sequence in the beam, its parity test minds that it is %s', async (_, scale, expected) => {
    const one = namedCase('decoder · lstm · additive');
    const parameters = initializeParameters(one.plan, 3);
    for (const [name, tensor] of parameters) {
      parameters.set(name, { ...tensor, data: Float32Array.from(tensor.data, (value) => value * scale) });
    }
    const { directory } = await written(one, parameters);
    const file = join(directory, 'golden.json');
    const golden = JSON.parse(readFileSync(file, 'utf8')) as { predictions: { beam: { tokens: string[] }[] }[] };
    const vocabulary = JSON.parse(readFileSync(join(directory, 'vocabulary.json'), 'utf8')) as { classes: string[] };
    let changed = 0;
    for (const { tokens } of golden.predictions.flatMap(({ beam }) => beam)) {
      const other = vocabulary.classes.slice(4).find((word) => word !== tokens[0]);
      if (tokens.length === 0 || other === undefined) continue;
      tokens[0] = other;
      changed++;
    }
    expect(changed).toBeGreaterThan(0);
    writeFileSync(file, JSON.stringify(golden));
    const { status, stderr } = await python(directory, ['test_parity.py']);
    expect(stderr).toContain(expected === 0 ? '' : "beam, the app's sequences: the app's numbers differ by");
    expect(status).toBe(expected);
  });

  it('fails its parity test when the vocabulary is shuffled', async () => {
    const { directory } = await written(namedCase('lstm · forward · depth 1 · last'));
    const file = join(directory, 'vocabulary.json');
    const vocabulary = JSON.parse(readFileSync(file, 'utf8')) as { tokens: string[] };
    vocabulary.tokens = [...vocabulary.tokens.slice(0, 4), ...vocabulary.tokens.slice(4).reverse()];
    writeFileSync(file, JSON.stringify(vocabulary));
    const { status, stderr } = await python(directory, ['test_parity.py']);
    expect(status).toBe(1);
    expect(stderr).toContain('AssertionError: ids of');
  });

  it('predicts from a text as the app does', async () => {
    const { directory, goldens } = await written(namedCase('lstm · concat · depth 1 · every-step'));
    const golden = goldens.predictions[2];
    if (golden?.kind !== 'text') throw new Error('expected a text');
    const { stdout, stderr } = await python(directory, ['predict.py', '--json', golden.text]);
    expect(stderr).toBe('');
    const told = JSON.parse(stdout) as { tokens: string[]; probabilities: number[][] };
    expect(told.tokens).toEqual(golden.tokens);
    const expected = golden.expected as readonly (readonly number[])[];
    expect(told.probabilities.length).toBe(expected.length);
    for (const [t, row] of told.probabilities.entries()) {
      for (const [c, value] of row.entries()) expect(value).toBeCloseTo(expected[t]?.[c] ?? Number.NaN, 5);
    }
  });

  it('prints tags for people, and says what is wrong with an empty text', async () => {
    const { directory } = await written(namedCase('lstm · concat · depth 1 · every-step'));
    expect((await python(directory, ['predict.py', 'Kate teaches.'])).stdout).toMatch(
      /^0\.\d{4} {2}(no|yes|maybe) {2}kate\n.*teaches\n.*\.\n$/,
    );
    const { status, stderr } = await python(directory, ['predict.py'], '   ');
    expect(status).toBe(1);
    expect(stderr).toContain('the text has no tokens');
  });

  it('predicts from a series file with a header line, in the units of the data', async () => {
    const { directory, goldens } = await written(namedCase('forecast from a series'));
    const golden = goldens.predictions[0];
    if (golden?.kind !== 'series') throw new Error('expected a series');
    const csv = ['a,b,c', ...golden.rows.map((row) => row.join(','))].join('\n');
    const { stdout, stderr } = await python(directory, ['predict.py', '--json'], csv);
    expect(stderr).toBe('');
    const { values } = JSON.parse(stdout) as { values: number[] };
    for (const [k, value] of values.entries()) expect(value).toBeCloseTo(golden.expected[k] as number, 4);
    const program = `
import io, sys, predict
for arguments, text in [(["missing.csv"], ""), ([], "1,2\\n"), ([], "1,nan,3\\n")]:
    sys.argv, sys.stdin = ["predict.py", *arguments], io.TextIOWrapper(io.BytesIO(text.encode()))
    try:
        predict.main()
    except SystemExit as error:
        print(error)`;
    const told = (await python(directory, ['-c', program])).stdout.split('\n');
    expect(told[0]).toContain("No such file or directory: 'missing.csv'");
    expect(told[1]).toBe('predict.py: line 1: expected 3 numbers, got 2');
    expect(told[2]).toBe("predict.py: line 1: expected a number, found 'nan'");
  });

  it.each([
    ['lstm · concat · depth 1 · every-step', { input: ['Kate', 'teaches'], target: ['yes', 'no'] }],
    ['gru relevance-before · forward · depth 1 · last', { input: 'the cat', target: 'maybe' }],
    ['sigmoid head per example', { input: 'the cat', target: 'yes' }],
    ['forecast from a series', { input: [[1, 2, 3]], target: [3, -2] }],
  ])('train.py learns an example, and predict.py reads what it wrote: %s', async (name, example) => {
    const { directory } = await written(namedCase(name));
    writeFileSync(join(directory, 'examples.jsonl'), `${JSON.stringify(example)}\n`);
    const { stdout, stderr } = await python(directory, [
      'train.py',
      'examples.jsonl',
      '--epochs',
      '40',
      '--learning-rate',
      '0.02',
    ]);
    expect(stderr).toBe('');
    const losses = [...stdout.matchAll(/^epoch \d+ {2}loss ([\d.]+)/gm)].map((match) => Number(match[1]));
    expect(losses).toHaveLength(40);
    expect(losses[39]).toBeLessThan((losses[0] ?? 0) / 4);
    const input = Array.isArray(example.input) ? example.input.join(' ') : example.input;
    const told = await python(directory, ['predict.py', '--json', '--weights', 'trained.safetensors'], input);
    expect(told.stderr).toBe('');
    const result = JSON.parse(told.stdout) as { classes?: string[]; probabilities?: (number | number[])[]; values?: number[] };
    const likeliest = (row: readonly number[]) => result.classes?.[row.indexOf(Math.max(...row))];
    const { probabilities } = result;
    if (probabilities === undefined) expect(result.values?.map(Math.round)).toEqual(example.target);
    else if (Array.isArray(example.target)) expect((probabilities as number[][]).map(likeliest)).toEqual(example.target);
    else expect(likeliest(probabilities as number[])).toBe(example.target);
  });

  it('train.py teaches an encoder–decoder to say a text, and predict.py says it', async () => {
    const { directory } = await written(namedCase('decoder · gru reset-after · general'));
    writeFileSync(join(directory, 'examples.csv'), 'input,target\nthe cat,kate and deep learning\n');
    const trained = await python(directory, ['train.py', 'examples.csv', '--epochs', '120', '--learning-rate', '0.03']);
    expect(trained.stderr).toBe('');
    const told = await python(directory, ['predict.py', '--weights', 'trained.safetensors', 'the cat']);
    expect(told.stderr).toBe('');
    expect(told.stdout.split('\n')[0]).toContain('kate and deep learning');
  });

  it('train.py cuts targets into the app’s sub-words, whatever goes in', async () => {
    const { encoding } = namedCase('decoder · series to sub-words');
    const texts = ['the cat', 'The  Kate, cat', 'é'];
    const wanted = texts.map((text) => {
      const pieces = tokenizeText(text, encoding.binding.targetTokenizer, 512, rankMerges(encoding.targetMerges ?? []));
      const id = (piece: string): number => Math.max(1, encoding.classes?.indexOf(piece) ?? 1);
      return [...pieces.map(id), 3];
    });
    for (const name of ['decoder · series to sub-words', 'decoder · sub-words']) {
      const { directory } = await written(namedCase(name));
      const program = `
import json, sys, network, targets
_, vocabulary = network.load()
print(json.dumps([targets.read_target(text, vocabulary).tolist() for text in json.load(sys.stdin)]))`;
      const { stdout, stderr } = await python(directory, ['-c', program], JSON.stringify(texts));
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual(wanted);
    }
  });

  it('train.py teaches to say sub-words, of a text or of given tokens, and predict.py joins them', async () => {
    const { directory } = await written(namedCase('decoder · sub-words'));
    const rows = [
      { input: 'the cat', target: 'the cat kate' },
      { input: ['cat', 'the'], target: ['the', 'cat', 'cat'] },
    ];
    writeFileSync(join(directory, 'examples.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const trained = await python(directory, ['train.py', 'examples.jsonl', '--epochs', '150', '--learning-rate', '0.03']);
    expect(trained.stderr).toBe('');
    const said = async (text: string) =>
      (await python(directory, ['predict.py', '--weights', 'trained.safetensors', text])).stdout.split('\n')[0];
    expect(await said('the cat')).toMatch(/ {2}the cat kate$/);
    expect(await said('cat the')).toMatch(/ {2}the cat cat$/);
  });

  it('train.py teaches a language model a line, and predict.py goes on with it', async () => {
    const { directory } = await written(namedCase('language model · lstm'));
    writeFileSync(join(directory, 'lines.txt'), 'kate and the cat teach deep learning\n');
    const trained = await python(directory, ['train.py', 'lines.txt', '--epochs', '120', '--learning-rate', '0.03']);
    expect(trained.stderr).toBe('');
    const told = await python(directory, ['predict.py', '--temperature', '0', '--weights', 'trained.safetensors', 'kate and']);
    expect(told.stderr).toBe('');
    expect(told.stdout.trim()).toBe('the cat teach deep learning');
    const drawn = await python(directory, ['predict.py', '--seed', '3', '--top-k', '3', '--max-tokens', '5', '--json']);
    expect(drawn.stderr).toBe('');
    expect((JSON.parse(drawn.stdout) as string[]).length).toBeLessThanOrEqual(5);
  });

  it('train.py teaches a running text with its empty lines and indentation, and predict.py writes them', async () => {
    const { directory } = await written(namedCase('language model · running text'));
    writeFileSync(join(directory, 'verse.txt'), 'kate and\r\n\r\n\tthe cat,\r\n'.repeat(30));
    const vocabulary = JSON.parse(readFileSync(join(directory, 'vocabulary.json'), 'utf8')) as { tokens: string[] };
    writeFileSync(
      join(directory, 'vocabulary.json'),
      // The tab takes the place of a word: the sizes of the network stay as they are.
      JSON.stringify({
        ...vocabulary,
        tokens: vocabulary.tokens.map((t) => (t === 'deep' ? '\t' : t)),
        classes: vocabulary.tokens.map((t) => (t === 'deep' ? '\t' : t)),
      }),
    );
    const trained = await python(directory, ['train.py', 'verse.txt', '--epochs', '150', '--learning-rate', '0.03']);
    expect(trained.stderr).toBe('');
    const options = ['--temperature', '0', '--max-tokens', '6', '--weights', 'trained.safetensors'];
    const told = await python(directory, ['predict.py', ...options, 'kate and']);
    expect(told.stderr).toBe('');
    expect(told.stdout).toBe('\n\n\tthe cat ,\n');
    const tokens = (await python(directory, ['predict.py', ...options, '--json', 'kate and\n'])).stdout;
    expect((JSON.parse(tokens) as string[]).slice(0, 5)).toEqual(['\n', '\t', 'the', 'cat', ',']);
  });

  it('starts where the last call ended when it is given its state', async () => {
    const { directory } = await written(namedCase('lstm · forward · depth 2 · every-step'));
    const program = [
      'import torch, network',
      'model, _ = network.load()',
      'tokens = torch.tensor([[4, 5, 6, 7]])',
      'whole = model(tokens, torch.tensor([4]))',
      'model(tokens[:, :2], torch.tensor([2]))',
      'rest = model(tokens[:, 2:], torch.tensor([2]), model.hidden)',
      'print((whole[:, 2:] - rest).abs().max().item() < 1e-6)',
    ];
    expect((await python(directory, ['-c', program.join('\n')])).stdout.trim()).toBe('True');
  });
});
