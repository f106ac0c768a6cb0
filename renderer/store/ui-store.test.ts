import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  vi.resetModules();
});
afterEach(() => vi.unstubAllGlobals());

const fresh = async () => (await import('./ui-store.ts')).useUiStore;

it('a chosen theme is there in the next window', async () => {
  expect((await fresh()).getState().theme).toBe('system');
  for (const theme of ['light', 'dark', 'system'] as const) {
    vi.resetModules();
    (await fresh()).getState().setTheme(theme);
    expect((await fresh()).getState().theme).toBe(theme);
    vi.resetModules();
    expect((await fresh()).getState().theme).toBe(theme);
  }
  kept.set('unroll.theme', 'purple');
  vi.resetModules();
  expect((await fresh()).getState().theme).toBe('system');
});

it('the same words are announced twice, as another text to assistive technology', async () => {
  const { announce, useUiStore } = await import('./ui-store.ts');
  const said = (message: string): string => {
    announce(message);
    return useUiStore.getState().announcement;
  };
  const [once, again, third] = [said('Saved.'), said('Saved.'), said('Saved.')];
  expect(new Set([once, again]).size).toBe(2);
  expect(third).not.toBe(again);
  for (const text of [once, again, third]) expect(text.trim()).toBe('Saved.');
});

it('shows the tab, the dialog and the problems that were asked for', async () => {
  const { getState } = await fresh();
  getState().setTab('runs');
  getState().openDialog('export');
  getState().setProblemsOpen(true);
  expect(getState()).toMatchObject({ tab: 'runs', dialog: 'export', problemsOpen: true });
  getState().openDialog(null);
  expect(getState().dialog).toBeNull();
});
