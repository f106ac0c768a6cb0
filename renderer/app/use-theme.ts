import { useEffect } from 'react';
import { type ThemeChoice, useUiStore } from '../store/ui-store.ts';

const systemDark = () => window.matchMedia('(prefers-color-scheme: dark)');

/** Writes the theme on the page; the stylesheet's tokens follow. */
export function applyTheme(choice: ThemeChoice): void {
  const dark = choice === 'dark' || (choice === 'system' && systemDark().matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  useUiStore.setState({ dark });
}

/** Keeps the page's theme with the choice and, when that is “system”, with the system. */
export function useTheme(): void {
  const choice = useUiStore((s) => s.theme);
  useEffect(() => {
    applyTheme(choice);
    const media = systemDark();
    const follow = (): void => applyTheme(choice);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [choice]);
}
