import { dirname } from 'node:path';
import type { DataBinding } from '../document/data-binding.ts';
import type { SplitName } from '../document/split-names.ts';
import { resolveNamed } from '../files/named-path.ts';
import { readWholeFile } from '../files/open-file.ts';
import type { MethodResult } from '../protocol/contract.ts';
import { exampleInput } from './examples.ts';
import { closeUp, viewOfSteps } from './input-view.ts';
import { readMedia } from './media/media-threads.ts';
import { mediaPictureSize } from './media/read-media.ts';
import { prepareData } from './prepare.ts';

type InputLook = MethodResult<'data.view'>;

/** A file above this is not sent whole to be looked at. */
const largestSent = 8_000_000;

/**
 * What the network sees of a file, and the file itself.
 *
 * @param path of a recording, a picture or a video's folder
 * @throws UserError as `readMedia`
 */
export async function viewFile({ media }: DataBinding, path: string): Promise<InputLook> {
  if (media.kind === 'none') return { view: null, file: null };
  return { view: viewOfSteps(await readMedia(path, path, media), mediaPictureSize(media), closeUp), file: await wholeFile(path) };
}

/** What the network sees of an example, and the file that it names. @throws UserError as `exampleInput` */
export async function viewExample(binding: DataBinding, split: SplitName, index: number): Promise<InputLook> {
  const input = await exampleInput(binding, split, index);
  if (input.kind !== 'series') return { view: null, file: null };
  const { report } = await prepareData(binding);
  const view = viewOfSteps(input.steps, report.facts.image, closeUp);
  const { source } = binding;
  const named = input.file !== undefined && source.kind === 'file';
  return { view, file: named ? await wholeFile(resolveNamed(dirname(source.path), input.file.trim())) : null };
}

const headers = [
  { type: 'image/png', at: 0, bytes: '89504e47' },
  { type: 'image/jpeg', at: 0, bytes: 'ffd8ff' },
  { type: 'audio/wav', at: 8, bytes: Buffer.from('WAVE').toString('hex') },
] as const;

/** A picture or a recording as it is; `null` for a folder, several files, or one that is too large. */
async function wholeFile(path: string): Promise<InputLook['file']> {
  const content = await readWholeFile(path, largestSent).catch(() => null);
  if (content === null) return null;
  const found = headers.find(({ at, bytes }) => content.toString('hex', at, at + bytes.length / 2) === bytes);
  return found ? { type: found.type, base64: content.toString('base64') } : null;
}
