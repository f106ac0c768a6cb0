import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type UpdateState, type UpdateStatus, updateStatus } from '../engine/protocol/updates.ts';
import { noUpdateChannel } from './update-channel.ts';
import { type Updater, Updates } from './updates.ts';

/** electron-updater as the shell sees it, at the test's command. */
class Channel extends EventEmitter {
  autoDownload = false;
  autoInstallOnAppQuit = false;
  asked = 0;
  cancelled = 0;
  readonly cancellationToken = {
    cancel: (): void => {
      this.cancelled += 1;
    },
  };
  answer: () => Promise<{ cancellationToken?: { cancel(): void } } | null> = async () => this;
  checkForUpdates(): ReturnType<typeof this.answer> {
    this.asked += 1;
    return this.answer();
  }
}

let folder: string;
let channel: Channel;
let told: UpdateStatus[];
let loads: number;
beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'unroll-updates-'));
  channel = new Channel();
  told = [];
  loads = 0;
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const settings = (): string => join(folder, 'app', 'updates.json');
function start(unavailable: string | null = null): Updates {
  const updates = new Updates({
    version: '0.2.0',
    settings: settings(),
    unavailable,
    load: async () => {
      loads += 1;
      return channel as Updater;
    },
    changed: (status) => void told.push(updateStatus.parse(status)),
  });
  updates.start();
  return updates;
}
const states = (): UpdateState['kind'][] => told.map(({ state }) => state.kind);

describe('updates', () => {
  it('are looked for a minute after the start, which they do not wait for, then once a day', async () => {
    const updates = start();
    expect(updates.status).toEqual({ version: '0.2.0', enabled: true, state: { kind: 'waiting', checked: null, problem: null } });
    expect(loads).toBe(0);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(channel.asked).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(channel.asked).toBe(1);
    channel.emit('update-not-available', { version: '0.2.0' });
    expect(updates.status.state).toMatchObject({ kind: 'waiting', checked: expect.stringMatching(/^\d{4}-/), problem: null });
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect([channel.asked, loads]).toEqual([2, 1]);
  });

  it('are downloaded, and left to be installed when the app is quit', async () => {
    const updates = start();
    await updates.check();
    expect([channel.autoDownload, channel.autoInstallOnAppQuit]).toEqual([true, true]);
    channel.emit('update-available', { version: '0.3.0' });
    channel.emit('download-progress', { percent: 40 });
    expect(updates.status.state).toEqual({ kind: 'downloading', version: '0.3.0', percent: 40 });
    channel.emit('update-downloaded', { version: '0.3.0' });
    expect(states()).toEqual(['checking', 'downloading', 'downloading', 'ready']);
    await updates.check();
    expect(channel.asked).toBe(1);
  });

  it('that fail are a line where one looks for it, and are tried again the next day', async () => {
    channel.answer = async () => {
      throw new Error('net::ERR_NAME_NOT_RESOLVED\n    at somewhere');
    };
    const updates = start();
    await updates.check();
    expect(updates.status.state).toEqual({ kind: 'waiting', checked: null, problem: 'net::ERR_NAME_NOT_RESOLVED' });
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect(channel.asked).toBe(2);
    channel.answer = async () => ({});
    await updates.check();
    channel.emit('error', new Error('sha512 checksum mismatch'));
    expect(updates.status.state).toMatchObject({ problem: 'sha512 checksum mismatch' });
  });

  it('switched off are not looked for, now or after another start, and what was downloaded is not installed', async () => {
    const updates = start();
    await updates.check();
    channel.emit('update-available', { version: '0.3.0' });
    updates.setEnabled(false);
    expect(channel.cancelled).toBe(1);
    channel.emit('update-downloaded', { version: '0.3.0' });
    channel.emit('error', new Error('cancelled'));
    expect(channel.autoInstallOnAppQuit).toBe(false);
    expect(updates.status).toMatchObject({ enabled: false, state: { kind: 'off' } });
    await vi.advanceTimersByTimeAsync(3 * 24 * 3_600_000);
    expect(channel.asked).toBe(1);
    const again = start();
    await vi.advanceTimersByTimeAsync(3 * 24 * 3_600_000);
    expect([again.status.state.kind, channel.asked]).toEqual(['off', 1]);
    again.setEnabled(true);
    await vi.advanceTimersByTimeAsync(1);
    expect([channel.asked, channel.autoInstallOnAppQuit]).toEqual([2, true]);
    expect(JSON.parse(readFileSync(settings(), 'utf8'))).toEqual({ enabled: true });
  });

  it('switched off while the answer is awaited cancel what it would begin', async () => {
    let answer: (value: { cancellationToken: { cancel(): void } }) => void = () => undefined;
    channel.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const updates = start();
    const checking = updates.check();
    await vi.advanceTimersByTimeAsync(0);
    updates.setEnabled(false);
    answer(channel);
    await checking;
    expect([channel.cancelled, updates.status.state.kind]).toEqual([1, 'off']);
  });

  it.each(['', '{"enabled":"no"}', '{"enabled":true,"more":1}'])('stay off where the choice cannot be read: %j', (text) => {
    mkdirSync(join(folder, 'app'));
    writeFileSync(settings(), text);
    expect(start().status.enabled).toBe(false);
  });

  it('say why there are none, and then do nothing', async () => {
    const updates = start('Unroll runs from a checkout here.');
    expect(updates.status).toMatchObject({ enabled: false, state: { kind: 'unavailable' } });
    updates.setEnabled(true);
    await updates.check();
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect([loads, existsSync(settings())]).toEqual([0, false]);
  });

  it('of an installation that cannot be updated say so', async () => {
    channel.answer = async () => null;
    const updates = start();
    await updates.check();
    expect(updates.status.state.kind).toBe('unavailable');
  });
});

describe('the place to get updates from', () => {
  it('is the one that the package was built for', () => {
    expect(noUpdateChannel(false, folder)).toMatch(/checkout/);
    expect(noUpdateChannel(true, folder)).toMatch(/without a place/);
    writeFileSync(join(folder, 'app-update.yml'), 'updaterCacheDirName: unroll-updater\n');
    expect(noUpdateChannel(true, folder)).toMatch(/without a place/);
    writeFileSync(
      join(folder, 'app-update.yml'),
      'owner: someone\nrepo: unroll\nprovider: github\nupdaterCacheDirName: unroll-updater\n',
    );
    expect(noUpdateChannel(true, folder)).toBeNull();
  });
});
