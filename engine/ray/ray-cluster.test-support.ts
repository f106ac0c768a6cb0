import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../toolchain/cache-folder.ts';
import { freePort } from '../toolchain/free-port.test-support.ts';

/** A Python that can import ray and torch, for the tests that run a real cluster; or why there is none. `npm test` prepares one. */
export function findRay(): { readonly python: string } | { readonly reason: string } {
  if (process.platform !== 'linux') return { reason: 'its tests look for their processes in /proc, which only Linux has' };
  const python = process.env['UNROLL_RAY_PYTHON'] ?? join(cacheFolder(), 'ray-python', 'bin', 'python');
  if (!existsSync(python)) return { reason: `no Ray: ${python} is missing; npm test prepares it, or set UNROLL_RAY_PYTHON` };
  try {
    execFileSync(python, ['-c', 'from importlib.util import find_spec as f; assert f("ray") and f("torch")'], {
      stdio: 'ignore',
    });
    return { python };
  } catch {
    return { reason: `no Ray: ${python} cannot import ray and torch` };
  }
}

/** Jobs take their time over each line that they tell, whatever the machine: they are still there when something is done to them. */
const unhurried = `import json, sys, time
if "ray_job.py" in sys.orig_argv:
    quick = json.dumps
    def slow(*given, **more):
        time.sleep(0.012)
        return quick(*given, **more)
    json.dumps = slow
`;

export interface RayCluster {
  /** Of the dashboard. */
  readonly address: string;
  /** Ends what was started here, and nothing else. */
  stop(): Promise<void>;
}

/**
 * A cluster of this machine alone, two CPUs wide, in a session of its own: dashboard and agents listen on loopback, its other parts on
 * all interfaces, which Ray does not let one choose.
 */
export async function startRay(python: string): Promise<RayCluster> {
  // Short: the names of sockets below it may have 107 letters.
  const session = mkdtempSync(join(tmpdir(), 'ray-'));
  const [gcs, dashboard, agent, client] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const bin = dirname(python);
  const site = join(session, 'site');
  mkdirSync(site);
  writeFileSync(join(site, 'sitecustomize.py'), unhurried);
  const child = spawn(
    join(bin, 'ray'),
    [
      ...['start', '--head', '--block', '--disable-usage-stats', '--num-cpus', '2', '--object-store-memory', '100000000'],
      ...['--port', `${gcs}`, '--node-ip-address', '127.0.0.1', '--include-dashboard', 'true', '--temp-dir', session],
      ...['--dashboard-host', '127.0.0.1', '--dashboard-port', `${dashboard}`, '--dashboard-agent-listen-port', `${agent}`],
      ...['--ray-client-server-port', `${client}`],
    ],
    {
      // All that it starts is of its own group.
      detached: true,
      stdio: 'ignore',
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONPATH: site,
      },
    },
  );
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  const stop = async (): Promise<void> => {
    const group = child.pid;
    if (group !== undefined) {
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        try {
          process.kill(-group, signal);
        } catch {
          break; // All of it is gone.
        }
        await sleep(signal === 'SIGTERM' ? 3000 : 300);
      }
    }
    rmSync(session, { recursive: true, force: true, maxRetries: 5 });
  };
  const address = `http://127.0.0.1:${dashboard}`;
  for (let tries = 0; tries < 600 && !ended; tries++) {
    const up = await fetch(`${address}/api/version`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return { address, stop };
    await sleep(100);
  }
  await stop();
  throw new Error('Ray did not start within a minute');
}

/** A way to a server that can be cut. */
export async function cuttable(address: string) {
  const { hostname, port } = new URL(address);
  const open = new Set<Socket>();
  let passing = true;
  const server = createServer((near) => {
    if (!passing) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  const own = await freePort();
  await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${own}`,
    cut: (): void => {
      passing = false;
      for (const socket of open) socket.destroy();
    },
    mend: (): void => {
      passing = true;
    },
    close: (): void => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
