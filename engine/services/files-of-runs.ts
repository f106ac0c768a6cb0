import type { UnrollDocument } from '../document/schema.ts';
import { filePaths } from '../graph/file-paths.ts';
import type { RunStore } from '../runs/run-store.ts';
import { SweepFolder } from '../sweep/sweep-folder.ts';
import type { SweepManager } from '../sweep/sweep-manager.ts';

/** Paths of the files that runs and sweeps name, to train on or to go on with. @throws UserError where one cannot be read */
export async function filesOfRuns(store: RunStore, sweeps: SweepManager): Promise<readonly string[]> {
  const runs = (await store.list()).map(async ({ id }) => (await store.folder(id).read()).document);
  const swept = (await sweeps.list()).map(async ({ folder }) => (await new SweepFolder(folder).read())?.document);
  const documents: (UnrollDocument | undefined)[] = await Promise.all([...runs, ...swept]);
  const damaged = await store.damaged();
  if (damaged.length > 0) throw new Error(`${damaged.length} runs cannot be read: what they name is not known`);
  return documents.flatMap((document) => (document === undefined ? [] : filePaths(document)));
}
