import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { emptyDocument } from '../engine/document/schema.ts';
import { findHome } from '../engine/home.ts';
import { chosenInShell } from '../engine/links/chosen-path.ts';
import { rememberMachine } from '../engine/machines/known-machines.ts';
import { Machines } from '../engine/machines/machines.ts';
import { requireChosenFolder } from '../engine/services/chosen-folder.ts';
import type { EngineContext } from '../engine/services/context.ts';
import { documentService } from '../engine/services/documents.ts';
import { machineService } from '../engine/services/machine.ts';
import { ChosenPaths } from './chosen-paths.ts';

/* The engine's services and the shell's chosen paths, joined as Electron joins them. */
const scratch = mkdtempSync(join(tmpdir(), 'unroll-chosen-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function joined(home: string) {
  const engine = new EventEmitter();
  const parent = new EventEmitter();
  const asked: string[] = [];
  const answers = { export: false, machine: false };
  const chosen = new ChosenPaths({
    export: async (folder) => {
      asked.push(folder);
      return answers.export;
    },
    machine: async (host) => {
      asked.push(host);
      return answers.machine;
    },
  });
  const sent = (message: unknown): unknown => structuredClone(message);
  chosen.serve(
    Object.assign(engine, {
      postMessage: (message: unknown) => void queueMicrotask(() => parent.emit('message', { data: sent(message), ports: [] })),
    }),
  );
  const toShell = Object.assign(parent, {
    postMessage: (message: unknown) => void queueMicrotask(() => engine.emit('message', sent(message))),
  });
  const reached: string[] = [];
  const machines = new Machines({
    tell: () => undefined,
    reach: (host) => {
      reached.push(host);
      return spawn('false', { stdio: ['pipe', 'pipe', 'pipe'] });
    },
  });
  const context: EngineContext = {
    machines,
    home: findHome({ UNROLL_HOME: home }),
    initial: { kind: 'template', name: 'syllables' },
    chosenInShell: (path, purpose) => chosenInShell(toShell, path, purpose),
    emit: () => undefined,
  };
  const service = documentService(context);
  const folder = (path: string, purpose: 'export' | 'import') => requireChosenFolder(context, path, purpose);
  const save = (path: string) => service['document.save']({ path, document: emptyDocument('Mine'), replace: true });
  const connect = (host: string) => machineService(context)['machine.connect']({ host });
  return { chosen, service, save, engine, folder, asked, answers, connect, reached, context };
}

const document = JSON.stringify(emptyDocument('There before'));
const refused = { failure: { code: 'path-not-chosen', message: expect.stringContaining('was not chosen in a dialog') } };

it('a document is saved to a path that a person has chosen, and to no other', async () => {
  const { chosen, save } = joined(join(scratch, 'home'));
  const mine = join(scratch, 'mine.unroll.json');
  const theirs = join(scratch, 'theirs.unroll.json');
  writeFileSync(theirs, document);
  await expect(save(mine)).rejects.toMatchObject(refused);
  await expect(save(theirs)).rejects.toMatchObject(refused);
  expect(existsSync(mine)).toBe(false);
  chosen.add(relative(process.cwd(), mine));
  await expect(Promise.all([save(mine), save(mine)])).resolves.toMatchObject([{ path: mine }, { path: mine }]);
  await expect(save(theirs)).rejects.toMatchObject(refused);
  await expect(save(join(mine, '..', 'theirs.unroll.json'))).rejects.toMatchObject(refused);
});

it('the dialog for saving stands for the name with the document’s ending', async () => {
  const { chosen, save } = joined(join(scratch, 'home'));
  chosen.addForSaving(join(scratch, 'named'));
  await expect(save(join(scratch, 'named.unroll.json'))).resolves.toMatchObject({ path: join(scratch, 'named.unroll.json') });
  chosen.addForSaving(join(scratch, 'plain.json'));
  await expect(save(join(scratch, 'plain.json'))).resolves.toMatchObject({ path: join(scratch, 'plain.json') });
  await expect(save(join(scratch, 'plain.json.unroll.json'))).rejects.toMatchObject(refused);
});

it('recent documents stay chosen after the app was closed; opening another path does not choose it', async () => {
  const home = join(scratch, 'another home');
  const [kept, looked] = [join(scratch, 'kept.unroll.json'), join(scratch, 'looked.unroll.json')];
  for (const path of [kept, looked]) writeFileSync(path, document);
  const first = joined(home);
  first.chosen.add(kept);
  for (const path of [kept, looked]) await first.service['document.open']({ path });
  expect(await first.service['document.recent']({})).toEqual({ paths: [kept] });
  // Nor does a recovery copy that names it.
  await first.service['document.autosave']({ key: 'k', path: looked, document: emptyDocument('Mine') });
  const second = joined(home);
  expect((await second.service['document.recover']({ key: 'k' })).path).toBe(looked);
  await expect(second.save(looked)).rejects.toMatchObject(refused);
  await expect(second.save(kept)).resolves.toMatchObject({ path: kept });
});

it('a project is exported into a folder of a dialog, or where the person agrees; a run is imported into the first alone', async () => {
  const { chosen, folder, asked, answers } = joined(join(scratch, 'home'));
  const notChosen = { failure: { code: 'path-not-chosen', message: expect.stringContaining('You have not chosen the folder') } };
  const given = join(scratch, 'given');
  await expect(folder(given, 'export')).rejects.toMatchObject(notChosen);
  await expect(folder(given, 'import')).rejects.toMatchObject(notChosen);
  // The import asks nobody, and a file that was chosen is no folder.
  chosen.add(given);
  await expect(folder(given, 'import')).rejects.toMatchObject(notChosen);
  expect(asked).toEqual([given]);
  chosen.addFolder(relative(process.cwd(), given));
  for (const inside of [given, join(given, 'model-pytorch'), join(given, 'a', 'b')]) {
    await folder(inside, 'export');
    await folder(inside, 'import');
  }
  for (const outside of [scratch, `${given}s`, join(given, '..', 'other')])
    await expect(folder(outside, 'export')).rejects.toMatchObject(notChosen);
  expect(asked).toHaveLength(4);
  answers.export = true;
  await Promise.all([folder(scratch, 'export'), folder(scratch, 'export')]);
  await folder(join(scratch, 'anything'), 'export');
  expect(asked).toHaveLength(5);
});

it('what is no question of the engine is not answered', () => {
  const { engine, chosen } = joined(join(scratch, 'home'));
  const answers: unknown[] = [];
  Object.assign(engine, { postMessage: (message: unknown) => answers.push(message) });
  chosen.add('/a');
  for (const message of [
    null,
    'is-path-chosen',
    { kind: 'is-path-chosen' },
    { kind: 'is-path-chosen', id: 1, path: '', purpose: 'export' },
    { kind: 'is-path-chosen', id: 1, path: '/a' },
  ])
    engine.emit('message', message);
  expect(answers).toEqual([]);
});

it('a machine is reached where a person agrees, or did before, and no other', async () => {
  const { connect, asked, answers, reached, context } = joined(join(scratch, 'machines'));
  await expect(connect('gpu-box')).rejects.toMatchObject({ failure: { code: 'machine-not-chosen' } });
  expect(reached).toEqual([]);
  answers.machine = true;
  await expect(connect('gpu-box')).rejects.toMatchObject({ failure: { code: 'no-engine' } });
  expect(asked).toEqual(['gpu-box', 'gpu-box']);
  answers.machine = false;
  await rememberMachine(context.home.machines, 'gpu-box');
  await expect(connect('gpu-box')).rejects.toMatchObject({ failure: { code: 'no-engine' } });
  expect(reached).toEqual(['gpu-box', 'gpu-box']);
  expect(asked).toHaveLength(2);
});
