import { resolve } from 'node:path';
import { proposeImport, readImport } from '../import/import-model.ts';
import { saveImportedRun } from '../import/save-run.ts';
import type { RunManager } from '../manage/run-manager.ts';
import { requireChosenFolder } from './chosen-folder.ts';
import type { EngineContext, Service } from './context.ts';

/** Trained models from outside: folders that were exported, and state dicts of stock PyTorch modules. */
export function importService(runs: RunManager, context: EngineContext): Service<'import'> {
  return {
    'import.inspect': ({ path, answers }) => proposeImport(resolve(path), answers),
    'import.open': async ({ path, answers, folder }) => {
      const from = resolve(path);
      if (folder !== undefined) await requireChosenFolder(context, resolve(folder), 'import');
      const model = await readImport(from, answers);
      const run = await saveImportedRun(runs.store, model, from, folder && resolve(folder));
      return { run, document: model.document, notes: [...model.notes] };
    },
  };
}
