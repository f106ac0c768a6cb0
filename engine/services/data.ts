import { resolve } from 'node:path';
import { rawExamples } from '../data/examples.ts';
import { prepareData } from '../data/prepare.ts';
import { previewFile } from '../data/preview.ts';
import { textFiles } from '../data/text-files.ts';
import { viewExample, viewFile } from '../data/view-input.ts';
import type { DataBinding, ReaderSettings } from '../document/data-binding.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { wholeReport } from '../metrics/headline.ts';
import type { EngineContext, Service } from './context.ts';

/** Looking at data files, and preparing them for training. One preparation at a time: a new one cancels the one before. */
export function dataService({ emit }: EngineContext): Service<'data'> {
  let current = new AbortController();

  const told = async <T>(binding: DataBinding | string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const path =
        typeof binding === 'string' ? binding : binding.source.kind === 'file' ? binding.source.path : binding.source.name;
      throw describeFileError(error, path);
    }
  };

  return {
    'data.preview': ({ path, reader }) => told(path, previewFile(resolve(path), reader as Partial<ReaderSettings> | undefined)),
    'data.prepare': async ({ binding }) => {
      current.abort();
      current = new AbortController();
      const { signal } = current;
      const prepared = await told(
        binding,
        prepareData(binding, { signal, onProgress: (progress) => emit('data.progress', progress) }),
      );
      return wholeReport(prepared);
    },
    'data.cancel': async () => {
      current.abort();
      return {};
    },
    'data.examples': ({ binding, split, offset, count }) => told(binding, rawExamples(binding, split, offset, count)),
    'data.files': async ({ binding, text }) => ({ files: textFiles(binding, text) }),
    'data.view': ({ binding, of }) =>
      told(binding, 'path' in of ? viewFile(binding, of.path) : viewExample(binding, of.split, of.index)),
  };
}
