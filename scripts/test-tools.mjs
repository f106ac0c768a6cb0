// What the tests need beside npm's packages: found where it is; ONNX's Python packages are prepared once.
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './find-shell.mjs';

/** Runs a Python, whose complaints are seen where they are asked for. @param limit ms @returns whether it went well */
function runs(python, args, limit, complaints = 'ignore') {
  return new Promise((resolve) => {
    const child = spawn(python, args, { stdio: ['ignore', 'ignore', complaints], timeout: limit });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

const imports = (python, names) => runs(python, ['-c', `import ${names}`], 120_000);

/** The first path for which a promise says yes. */
async function firstThat(paths, test) {
  for (const path of paths.filter(Boolean)) if (await test(path)) return path;
  return undefined;
}

/** A Chromium: the one that was named, Playwright's own, or an installed one. */
export async function findChromium() {
  const named = process.env.UNROLL_CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  const { chromium } = await import('@playwright/test');
  const own = chromium.executablePath();
  return existsSync(own) ? own : findBrowser();
}

/** A Python that has PyTorch, or the reason there is none; and whether it has Pillow, which the exports of networks that see pictures need. */
export async function preparePython() {
  const candidates = [process.env.UNROLL_PYTHON, '/usr/bin/python3', 'python3', 'python'];
  const path = await firstThat(candidates, (python) => imports(python, 'torch'));
  if (path !== undefined) return { path, reason: null, pillow: await imports(path, 'PIL') };
  return { path: null, reason: 'no Python with torch was found (pip install torch, or set UNROLL_PYTHON)', pillow: false };
}

/** Where engine/export/onnx/find-onnx.ts looks, too: the cache folder of engine/toolchain/cache-folder.ts. */
function cacheFolder() {
  if (process.env.UNROLL_CACHE) return process.env.UNROLL_CACHE;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Unroll');
  if (process.platform === 'win32')
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Unroll', 'Cache');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'unroll');
}

/** A Python of its own in the cache, and whether a Python has what is needed. @param needed modules, as `import` takes them */
function ownPython(name, needed) {
  const folder = join(cacheFolder(), name);
  const path = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  return { folder, path, works: (python) => imports(python, needed) };
}

/**
 * Makes that Python, with packages. Without pip inside: Debian's Python makes such an environment with no package more.
 *
 * @param more arguments for venv
 * @returns whether it has what is needed; nothing is left where it has not
 */
async function makePython({ folder, path, works }, python, packages, more = []) {
  const done = (args) => runs(python, args, 900_000, 'inherit');
  const clear = () => rmSync(folder, { recursive: true, force: true });
  console.log(`Preparing ${packages.join(', ')} in ${folder} …`);
  clear();
  const install = ['-m', 'pip', '--python', path, 'install', '--quiet', '--only-binary=:all:', ...packages];
  if ((await done(['-m', 'venv', '--without-pip', ...more, folder])) && (await done(install)) && (await works(path))) return true;
  clear();
  return false;
}

/**
 * A Python with Ray and the PyTorch of another one: one that is there, or, where nothing may be skipped, a virtual environment made in the
 * cache. Ray is 330 MB and takes a minute to install, which is no way to greet a newcomer.
 *
 * @param torch the Python that has PyTorch, or null
 */
export async function prepareRay(torch) {
  const own = ownPython('ray-python', 'fsspec, ray, torch');
  const found = await firstThat([process.env.UNROLL_RAY_PYTHON, own.path], own.works);
  if (found !== undefined) return { path: found, reason: null };
  if (process.platform !== 'linux') return { path: null, reason: 'its tests run on Linux' };
  if (torch === null) return { path: null, reason: 'its jobs need a Python with torch' };
  if (process.env.UNROLL_REQUIRE_ALL !== '1') {
    return {
      path: null,
      reason:
        'it is prepared only with UNROLL_REQUIRE_ALL=1, as in CI (330 MB), or name a Python with ray and torch in UNROLL_RAY_PYTHON',
    };
  }
  const made = await makePython(own, torch, ['ray[default]==2.60.0', 'fsspec'], ['--system-site-packages']);
  if (made) return { path: own.path, reason: null };
  return { path: null, reason: 'ray could not be installed (pip install "ray[default]", or set UNROLL_RAY_PYTHON)' };
}

/** A Python with onnx and onnxruntime: one that is there, or a virtual environment made in the cache; or the reason there is none. */
export async function prepareOnnx() {
  const own = ownPython('onnx-python', 'numpy, onnx, onnxruntime');
  const found = await firstThat([process.env.UNROLL_ONNX_PYTHON, own.path, 'python3', 'python'], own.works);
  if (found !== undefined) return { path: found, reason: null };
  const hasPip = (python) => runs(python, ['-m', 'pip', '--version'], 60_000);
  const make = (python) => makePython(own, python, ['onnx>=1.16', 'onnxruntime>=1.18']);
  let pip = false;
  const made = await firstThat(['python3', 'python', '/usr/bin/python3'], async (python) => {
    if (!(await hasPip(python))) return false;
    pip = true;
    return make(python);
  });
  if (made !== undefined) return { path: own.path, reason: null };
  if (!pip)
    return { path: null, reason: 'no Python with pip was found to install them (install Python, or set UNROLL_ONNX_PYTHON)' };
  return {
    path: null,
    reason: 'onnx and onnxruntime could not be installed (pip install onnx onnxruntime, or set UNROLL_ONNX_PYTHON)',
  };
}
