// What the tests need beside npm's packages: found where it is; ONNX's Python packages are prepared once.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './find-shell.mjs';

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
  const candidates = [process.env.UNROLL_PYTHON, '/usr/bin/python3', 'python3', 'python'].filter(Boolean);
  for (const path of candidates) {
    const imports = (name) => spawnSync(path, ['-c', `import ${name}`], { stdio: 'ignore', timeout: 120_000 }).status === 0;
    if (imports('torch')) return { path, reason: null, pillow: imports('PIL') };
  }
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

/** A Python of its own in the cache, and whether a Python has what is needed. @param imports modules, as `import` takes them */
function ownPython(name, imports) {
  const folder = join(cacheFolder(), name);
  const path = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const works = (python) => spawnSync(python, ['-c', `import ${imports}`], { stdio: 'ignore', timeout: 120_000 }).status === 0;
  return { folder, path, works };
}

/**
 * Makes that Python, with packages. Without pip inside: Debian's Python makes such an environment with no package more.
 *
 * @param more arguments for venv
 * @returns whether it has what is needed; nothing is left where it has not
 */
function makePython({ folder, path, works }, python, packages, more = []) {
  const runs = (args) => spawnSync(python, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 900_000 }).status === 0;
  const clear = () => rmSync(folder, { recursive: true, force: true });
  console.log(`Preparing ${packages.join(', ')} in ${folder} …`);
  clear();
  const install = ['-m', 'pip', '--python', path, 'install', '--quiet', '--only-binary=:all:', ...packages];
  if (runs(['-m', 'venv', '--without-pip', ...more, folder]) && runs(install) && works(path)) return true;
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
  const found = [process.env.UNROLL_RAY_PYTHON, own.path].filter(Boolean).find(own.works);
  if (found) return { path: found, reason: null };
  if (process.platform !== 'linux') return { path: null, reason: 'its tests run on Linux' };
  if (torch === null) return { path: null, reason: 'its jobs need a Python with torch' };
  if (process.env.UNROLL_REQUIRE_ALL !== '1') {
    return {
      path: null,
      reason:
        'it is prepared only with UNROLL_REQUIRE_ALL=1, as in CI (330 MB), or name a Python with ray and torch in UNROLL_RAY_PYTHON',
    };
  }
  const made = makePython(own, torch, ['ray[default]==2.60.0', 'fsspec'], ['--system-site-packages']);
  if (made) return { path: own.path, reason: null };
  return { path: null, reason: 'ray could not be installed (pip install "ray[default]", or set UNROLL_RAY_PYTHON)' };
}

/** A Python with onnx and onnxruntime: one that is there, or a virtual environment made in the cache; or the reason there is none. */
export async function prepareOnnx() {
  const own = ownPython('onnx-python', 'numpy, onnx, onnxruntime');
  const found = [process.env.UNROLL_ONNX_PYTHON, own.path, 'python3', 'python'].filter(Boolean).find(own.works);
  if (found) return { path: found, reason: null };
  const hasPip = (path) => spawnSync(path, ['-m', 'pip', '--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
  const pythons = ['python3', 'python', '/usr/bin/python3'].filter(hasPip);
  if (pythons.length === 0) {
    return { path: null, reason: 'no Python with pip was found to install them (install Python, or set UNROLL_ONNX_PYTHON)' };
  }
  if (pythons.some((python) => makePython(own, python, ['onnx>=1.16', 'onnxruntime>=1.18'])))
    return { path: own.path, reason: null };
  return {
    path: null,
    reason: 'onnx and onnxruntime could not be installed (pip install onnx onnxruntime, or set UNROLL_ONNX_PYTHON)',
  };
}
