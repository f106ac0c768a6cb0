import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import type { SweepState } from '../../engine/protocol/sweep.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useSweeps } from '../sweep/sweep-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { tellEndings, toggleNotices, useUnseenEnding } from './run-notices.ts';
import { useSeedSeries } from './seed-series.ts';
import { useTrainingStore } from './store.ts';

const run = (id: string, status: RunSummary['status']): RunSummary =>
  ({ id, name: id, status, created: 0, message: status === 'failed' ? 'The disk is full.' : null, best: null }) as RunSummary;
const become = (status: RunSummary['status']): void => useTrainingStore.setState({ runs: [run('a', status)] });
const toasts = () => useToasts.getState().toasts;
const unseen = () => useUnseenEnding.getState().ending?.run.id ?? null;

interface Notice {
  readonly title: string;
  readonly options: object;
  onclick?: () => void;
}
let notices: Notice[];
let looked: boolean;
let permission: string;
let listeners: Map<string, () => void>;
let fake: FakeEngine;
let end: () => void;
beforeEach(() => {
  fake = fakeEngine();
  [notices, looked, permission, listeners] = [[], true, 'granted', new Map()];
  class Notification {
    static get permission() {
      return permission;
    }
    static requestPermission = async () => permission;
    readonly title: string;
    readonly options: object;
    constructor(title: string, options: object) {
      this.title = title;
      this.options = options;
      notices.push(this);
    }
  }
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
  vi.stubGlobal('document', { visibilityState: 'visible', hasFocus: () => looked });
  vi.stubGlobal('Notification', Notification);
  vi.stubGlobal('window', {
    Notification,
    addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
    removeEventListener: (name: string, listener: () => void) => listeners.get(name) === listener && listeners.delete(name),
    focus: vi.fn(),
  });
  useToasts.setState({ toasts: [] });
  useUnseenEnding.setState({ ending: null });
  useSeedSeries.setState({ series: null, told: [] });
  useUiStore.setState({ notify: true, tab: 'data' });
  become('running');
  end = tellEndings();
});
afterEach(async () => {
  end();
  for (const call of fake.asked) call.refuse('over');
  await settle();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a run that ends', () => {
  it('is told in the window, and leads to the run', () => {
    become('done');
    expect(toasts()).toMatchObject([{ tone: 'good', title: '“a” is done', action: { label: 'Show' } }]);
    expect([unseen(), notices]).toEqual([null, []]);
    toasts()[0]?.action?.run();
    expect([useUiStore.getState().tab, useTrainingStore.getState().active]).toEqual(['design', 'a']);
  });

  it('while nobody looks is told by the system too, until somebody does', () => {
    looked = false;
    become('failed');
    expect(unseen()).toBe('a');
    expect(notices).toMatchObject([{ title: '“a” has failed', options: { tag: 'a', body: 'The disk is full.' } }]);
    notices[0]?.onclick?.();
    expect(window.focus).toHaveBeenCalledOnce();
    expect(useUiStore.getState().tab).toBe('design');
    listeners.get('focus')?.();
    expect(unseen()).toBeNull();
    become('running');
    become('done');
    expect(notices[1]?.options).toStrictEqual({ tag: 'a' });
  });

  it.each(['a hidden page', 'a refusal', 'nobody’s wish'])('is told by the system only where it may be: %s', (why) => {
    if (why === 'a hidden page') vi.stubGlobal('document', { visibilityState: 'hidden', hasFocus: () => true });
    else looked = false;
    if (why === 'a refusal') permission = 'denied';
    if (why === 'nobody’s wish') useUiStore.setState({ notify: false });
    become('done');
    expect(unseen()).toBe('a');
    expect(notices).toHaveLength(why === 'a hidden page' ? 1 : 0);
  });

  it('as one of a series of seeds is told only where it goes wrong', () => {
    const series = (id: string) => useSeedSeries.setState({ series: { first: run('first', 'done'), seeds: [1, 2], runs: [id] } });
    useTrainingStore.setState({ documents: { first: emptyDocument() } });
    series('a');
    become('done');
    expect(toasts()).toEqual([]);
    become('running');
    become('failed');
    expect(toasts()).toHaveLength(1);
    series('b');
    become('running');
    become('done');
    expect(toasts()).toHaveLength(2);
  });

  it('as the last one of a series of seeds is told once: with the series', () => {
    useTrainingStore.setState({ loaded: true, documents: { first: emptyDocument() } });
    useSeedSeries.setState({ series: { first: run('first', 'done'), seeds: [1], runs: ['a'] } });
    become('done');
    expect(toasts().map(({ title }) => title)).toEqual(['Trained 1 seeds of “first”']);
    // Trained on afterwards, it is a run like any other.
    become('running');
    become('failed');
    expect(toasts()).toHaveLength(2);
  });

  it('as a trial of a sweep is no news while the sweep goes on', () => {
    const trial = (status: RunSummary['status']): void => useTrainingStore.setState({ runs: [run('s-t1-s1', status)] });
    const sweep = (status: SweepState['status']): void => useSweeps.setState({ sweeps: [{ id: 's', status } as SweepState] });
    trial('running');
    sweep('running');
    trial('failed');
    expect(toasts()).toEqual([]);
    trial('running');
    sweep('done');
    trial('done');
    expect(toasts()).toHaveLength(1);
    useSweeps.setState({ sweeps: [] });
  });

  it('is told no more in the end', () => {
    end();
    become('done');
    expect([toasts(), listeners.size]).toEqual([[], 0]);
  });
});

describe('the system’s notices', () => {
  it('are turned off and on, where the system lets them', async () => {
    await toggleNotices();
    expect(useUiStore.getState().notify).toBe(false);
    await toggleNotices();
    expect(useUiStore.getState().notify).toBe(true);
    await toggleNotices();
    permission = 'denied';
    await toggleNotices();
    expect(useUiStore.getState().notify).toBe(false);
    expect(toasts().map(({ tone }) => tone)).toEqual(['good', 'info', 'bad']);
    permission = 'granted';
    end();
    end = () => undefined;
    vi.stubGlobal('window', {});
    await toggleNotices();
    expect(useUiStore.getState().notify).toBe(false);
  });
});
