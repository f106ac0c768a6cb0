/** Entry of the thread that reads pictures, recordings and videos; started by `media-threads.ts`, which ends it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Failure, UserError } from '../../protocol/envelope.ts';
import { setJpegDecoder } from './jpeg-decoder.ts';
import { type Media, readMediaHere } from './read-media.ts';

export interface MediaQuestion {
  readonly cell: string;
  readonly table: string;
  readonly media: Media;
}
export type MediaAnswer = { readonly steps: number[][] } | { readonly failure: Failure };

setJpegDecoder((workerData as { readonly jpeg: WebAssembly.Module }).jpeg);

parentPort?.on('message', async ({ cell, table, media }: MediaQuestion) => {
  parentPort?.postMessage(await answer(cell, table, media));
});

async function answer(cell: string, table: string, media: Media): Promise<MediaAnswer> {
  try {
    return { steps: await readMediaHere(cell, table, media) };
  } catch (error) {
    if (error instanceof UserError) return { failure: error.failure };
    throw error;
  }
}
