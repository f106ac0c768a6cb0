// `npm start [-- FILE]`: builds what is stale, then opens the best window there is and says which.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowserWindow } from './browser-window.mjs';
import { buildStale, root } from './build.mjs';
import { chooseShell, findBrowser, findElectron, hasDisplay } from './find-shell.mjs';

const usage = `npm start -- [FILE] [options]
  FILE              open this document (*.unroll.json)
  --port NUMBER     port of the window without Electron (default: any free one)
  --no-open         do not open a window, print its address
  --browser PATH    use this browser for the window without Electron
  --electron        download Electron’s program first, if it can be had`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '0' },
        'no-open': { type: 'boolean', default: false },
        browser: { type: 'string' },
        electron: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535 || positionals.length > 1) {
  console.error(positionals.length > 1 ? 'Expected one FILE.' : `--port: expected a number from 0 to 65535, got ${values.port}`);
  console.error(`\n${usage}`);
  process.exit(2);
}
const file = positionals[0] === undefined ? null : resolve(positionals[0]);
if (file !== null && !existsSync(file)) {
  console.error(`${file} does not exist.`);
  process.exit(1);
}

if (values.electron && findElectron(root).path === null) {
  const answer = await fetch('https://github.com/electron/electron/releases', {
    method: 'HEAD',
    signal: AbortSignal.timeout(4000),
  }).catch(() => null);
  if (answer?.ok)
    spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], { stdio: 'inherit', timeout: 300_000 });
  else console.log('Electron’s download site cannot be reached from here.');
}

await buildStale({ log: console.log });

const environment = { ...process.env };
if (file !== null) environment.UNROLL_OPEN = file;
const shell = chooseShell({
  electron: values.browser ? { path: null, reason: 'A browser was asked for' } : findElectron(root),
  browser: values.browser ?? findBrowser(),
  display: hasDisplay(),
  root: process.getuid?.() === 0 && !process.env.UNROLL_BROWSER_FLAGS,
  noOpen: values['no-open'],
});
console.log(shell.line);

if (shell.kind === 'electron') {
  const child = spawn(shell.path, [root, ...(file === null ? [] : [file])], { stdio: 'inherit', env: environment });
  onEnd(() => child.kill());
  child.on('error', (error) => {
    console.error(`${shell.path} did not start: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  const { startHost } = await import('../dist/host.js');
  let host = null;
  let window = null;
  let ending = false;
  // Before anything is started: an early Ctrl+C ends what there is by then.
  onEnd(stop);
  host = await startHost({
    port,
    renderer: join(root, 'dist', 'renderer'),
    engine: join(root, 'dist', 'engine.js'),
    environment,
    onAdmitted: (address) => console.log(`A browser was let in. Another one is let in at ${address}`),
  }).catch((error) => {
    console.error(error.code === 'EADDRINUSE' ? `Port ${port} is taken: choose another with --port.` : error.message);
    process.exit(1);
  });
  console.log(`Unroll is at ${host.address}`);
  if (shell.kind === 'address') console.log('The address lets one browser in, once.');
  else {
    const flags = (environment.UNROLL_BROWSER_FLAGS ?? '').split(' ').filter(Boolean);
    window = openBrowserWindow(shell.path, { origin: host.origin, address: () => host.address, flags });
    const failure = await window.shown.then(
      () => null,
      (error) => error,
    );
    if (failure !== null && !ending)
      console.error(`${shell.path} does not show the window: ${failure.message}. Open the address above instead.`);
    // A window that was closed ends all; a browser that ended without one leaves the address to be opened.
    if (failure === null || window.isOpen()) {
      await window.ended;
      await stop();
    }
  }

  async function stop() {
    if (ending) return;
    ending = true;
    await Promise.all([window?.close(), host?.stop()]);
    process.exit(0);
  }
}

/** Ctrl+C, `kill`, a terminal that was closed, and an npm that was ended: it passes a signal on to its shell only. */
function onEnd(end) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === 'start') setInterval(() => process.ppid !== parent && void end(), 250).unref();
}
