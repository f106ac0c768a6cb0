import { resolve } from 'node:path';
import { findTemplate, templates } from '../../templates/registry.ts';
import { parseDocument } from '../document/migrations.ts';
import { discardCopy, keepCopy, listCopies, readCopy, restoreCopy } from './autosave.ts';
import { ChosenPaths } from './chosen-paths.ts';
import type { EngineContext, Service } from './context.ts';
import { documentOrThrow, readDocumentFile, writeDocumentFile } from './document-file.ts';
import { changed, refuseChanged, revisionOf, revisionSince } from './file-revision.ts';
import { listFolder } from './list-folder.ts';
import { recentFiles, rememberFile } from './recent-files.ts';
import { requireSavePlace } from './save-place.ts';
import { templateEntryOf } from './template-entry.ts';

/** Documents, templates, and the file list of the window without Electron. */
export function documentService({
  home,
  chosenInShell = async () => true,
}: EngineContext): Service<'files' | 'document' | 'template'> {
  const chosen = new ChosenPaths(home.recent, (path) => chosenInShell(path, 'document'));
  return {
    'files.list': ({ directory }) => listFolder(directory),
    'document.open': async ({ path }) => {
      const full = resolve(path);
      const opened = await readDocumentFile(full);
      if (await chosen.has(full)) await rememberFile(home.recent, full);
      return { ...opened, path: full, revision: await revisionOf(full) };
    },
    'document.save': async ({ path, document, replace, revision }) => {
      const full = resolve(path);
      await chosen.require(full);
      await requireSavePlace(full, replace || revision !== undefined);
      if (revision !== undefined) await refuseChanged(full, revision);
      await writeDocumentFile(full, document);
      await rememberFile(home.recent, full);
      return { path: full, revision: (await revisionOf(full)) ?? changed };
    },
    'document.recent': async () => ({ paths: await recentFiles(home.recent) }),
    'document.autosave': async ({ key, path, document }) => {
      await keepCopy(home.autosave, key, path, document);
      return {};
    },
    'document.recoverable': async () => ({ items: await listCopies(home.autosave) }),
    'document.recover': async ({ key }) => {
      const copy = await readCopy(home.autosave, key);
      return {
        ...documentOrThrow(parseDocument(copy.document), copy.name),
        path: copy.path,
        revision: await revisionSince(copy),
      };
    },
    'document.discard': async ({ key }) => {
      await discardCopy(home.autosave, key);
      return {};
    },
    'document.restore': async ({ key }) => {
      await restoreCopy(home.autosave, key);
      return {};
    },
    'template.list': async () => ({ templates: templates.map(templateEntryOf) }),
    'template.open': async ({ name }) => {
      const template = findTemplate(name);
      return { document: template.document(), readme: template.readme };
    },
  };
}
