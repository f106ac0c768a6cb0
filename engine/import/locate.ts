import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { describeFileError } from '../files/describe-file-error.ts';
import { readWholeFile } from '../files/open-file.ts';
import { decodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import { UserError } from '../protocol/envelope.ts';
import { type ExportedFiles, isExportedConfig } from './exported-folder.ts';
import { importError } from './import-error.ts';

/** Larger files cannot be read in one piece. */
const mostBytes = 2 ** 31 - 1;
const mostJsonBytes = 256 * 1024 * 1024;

export type ImportSource =
  | ({ readonly kind: 'exported'; readonly name: string } & ExportedFiles)
  | {
      readonly kind: 'state-dict';
      readonly name: string;
      readonly tensors: ReadonlyMap<string, NamedTensor>;
      /** Names of what is no weight: counters and other buffers of integers or truth values. */
      readonly buffers: readonly string[];
      /** Lines of `vocab.txt` or `vocabulary.txt` beside the weights. */
      readonly vocabulary: readonly string[] | null;
    };

/**
 * What a path means: a folder that was exported, a file of it, or a `.safetensors` file of somebody else.
 *
 * @throws UserError for a path that is none of these, or that cannot be read
 */
export async function locateImport(path: string): Promise<ImportSource> {
  const facts = await stat(path).catch((error: unknown) => {
    throw describeFileError(error, path);
  });
  const folder = facts.isDirectory() ? path : dirname(path);
  const name = facts.isDirectory() ? basename(path) : basename(path, extname(path));
  if (!facts.isDirectory()) refuseOtherKinds(path);
  const config = await readJson(join(folder, 'config.json'));
  const asked = facts.isDirectory() ? '' : basename(path);
  if (isExportedConfig(config) && ['', 'config.json', 'model.safetensors'].includes(asked)) {
    const vocabulary = await readJson(join(folder, 'vocabulary.json'));
    const { tensors } = await readTensors(join(folder, 'model.safetensors'));
    return { kind: 'exported', name: basename(folder), folder, config, vocabulary, tensors };
  }
  if (asked === 'config.json') {
    throw importError(
      'not-exported',
      `${path} is not of a folder that Unroll exported.`,
      'Choose a .safetensors file, or such a folder.',
    );
  }
  if (facts.isDirectory()) {
    if (existsSync(join(path, 'model.onnx'))) throw onlyOnnx(path);
    throw importError(
      'not-exported',
      `${path} holds no export: expected config.json of an exported folder.`,
      'Choose a folder that Unroll exported to PyTorch, or a .safetensors file.',
    );
  }
  return { kind: 'state-dict', name, ...(await readTensors(path)), vocabulary: await readLines(folder) };
}

function refuseOtherKinds(path: string): void {
  const ending = extname(path).toLowerCase();
  if (ending === '.safetensors' || basename(path) === 'config.json') return;
  if (['.pt', '.pth', '.bin', '.ckpt', '.pkl'].includes(ending)) {
    throw importError(
      'pickle',
      `${basename(path)} is a Python pickle, which can run code when it is opened.`,
      'Save it as safetensors: from safetensors.torch import save_file; save_file(model.state_dict(), "model.safetensors").',
    );
  }
  if (ending === '.onnx') throw onlyOnnx(path);
  throw importError(
    'wrong-kind',
    `${basename(path)} is not a model that can be imported.`,
    'Choose a folder that Unroll exported to PyTorch, or a .safetensors file with a state dict.',
  );
}

/** Operators of ONNX do not tell the canvas: gates stand in another order, a projection is folded in, a cell's equations are taken apart. */
const onlyOnnx = (path: string) =>
  importError(
    'onnx',
    `${basename(path)} is ONNX, which holds operators and not the graph of the canvas: cells, their equations and their settings cannot be read back.`,
    'Choose the folder of the same run exported to PyTorch, which comes back whole, or a .safetensors file with a state dict.',
  );

type Tensors = Pick<Extract<ImportSource, { kind: 'state-dict' }>, 'tensors' | 'buffers'>;

async function readTensors(path: string): Promise<Tensors> {
  const bytes = await readBytes(path, mostBytes);
  if (bytes === null)
    throw importError('weights-missing', `${path} does not exist.`, 'An exported folder has it beside config.json.');
  try {
    const buffers: string[] = [];
    const { tensors, metadata } = decodeSafetensors(bytes, (name) => buffers.push(name));
    restoreShared(tensors, metadata);
    for (const [name, { dtype }] of tensors) {
      if (dtype === 'I32' && tensors.delete(name)) buffers.push(name);
    }
    if (tensors.size === 0) throw new Error('it has no tensors');
    for (const [name, { data }] of tensors) {
      if (!data.every(Number.isFinite)) throw new Error(`tensor ${name} holds a number that is not finite`);
    }
    return { tensors, buffers };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw importError(
      'damaged',
      `${path} cannot be read: ${what}.`,
      'Save the weights again; the file may be cut off or damaged.',
    );
  }
}

/**
 * `save_model` of safetensors writes a tensor of two names once, and names the other in the metadata: left-out name → kept name. Other
 * metadata name no tensor.
 */
function restoreShared(tensors: Map<string, NamedTensor>, metadata: Readonly<Record<string, string>>): void {
  for (const [name, kept] of Object.entries(metadata)) {
    const tensor = tensors.get(kept);
    if (tensor !== undefined && !tensors.has(name)) tensors.set(name, tensor);
  }
}

/** `null` where there is no such file; an error where it is no JSON. */
async function readJson(path: string): Promise<unknown> {
  const bytes = await readBytes(path, mostJsonBytes);
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw importError('damaged', `${path} is not JSON.`, 'The file may be cut off or damaged; try a backup.');
  }
}

async function readLines(folder: string): Promise<readonly string[] | null> {
  for (const name of ['vocab.txt', 'vocabulary.txt']) {
    const bytes = await readBytes(join(folder, name), mostJsonBytes);
    if (bytes !== null)
      return new TextDecoder()
        .decode(bytes)
        .replace(/\r?\n$/, '')
        .split(/\r?\n/);
  }
  return null;
}

async function readBytes(path: string, most: number): Promise<Uint8Array | null> {
  try {
    return await readWholeFile(path, most, (size) =>
      importError(
        'too-large',
        `${path} has ${(size / 2 ** 20).toFixed(0)} MiB; at most ${most / 2 ** 20} can be read.`,
        'Use a smaller model.',
      ),
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw describeFileError(error, path);
  }
}
