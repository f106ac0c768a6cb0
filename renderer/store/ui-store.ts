import { create } from 'zustand';

export type Tab = 'design' | 'data' | 'runs' | 'sweep' | 'playground';
export type ThemeChoice = 'system' | 'dark' | 'light';
/** The one dialog that is open. */
export type DialogName =
  | 'templates'
  | 'lessons'
  | 'shortcuts'
  | 'export'
  | 'palette'
  | 'open'
  | 'save-as'
  | 'recovery'
  | 'updates'
  | 'connect';

interface UiState {
  readonly tab: Tab;
  readonly dialog: DialogName | null;
  readonly theme: ThemeChoice;
  /** What is shown now, whoever chose it. */
  readonly dark: boolean;
  /** Last message for assistive technology. */
  readonly announcement: string;
  readonly problemsOpen: boolean;
  /** Whether the system tells of runs that end. */
  readonly notify: boolean;
  setTab(tab: Tab): void;
  openDialog(dialog: DialogName | null): void;
  setTheme(theme: ThemeChoice): void;
  setNotify(notify: boolean): void;
  setProblemsOpen(open: boolean): void;
}

const themeKey = 'unroll.theme';
const notifyKey = 'unroll.notify';

const stored = (key: string): string | null => (typeof localStorage === 'undefined' ? null : localStorage.getItem(key));

function storedTheme(): ThemeChoice {
  const theme = stored(themeKey);
  return theme === 'dark' || theme === 'light' ? theme : 'system';
}

/** State of the window that is not the document's. */
export const useUiStore = create<UiState>((set) => ({
  tab: 'design',
  dialog: null,
  theme: storedTheme(),
  dark: true,
  announcement: '',
  problemsOpen: false,
  notify: stored(notifyKey) === 'yes',
  setTab: (tab) => set({ tab }),
  openDialog: (dialog) => set({ dialog }),
  setTheme(theme) {
    localStorage.setItem(themeKey, theme);
    set({ theme });
  },
  setNotify(notify) {
    localStorage.setItem(notifyKey, notify ? 'yes' : 'no');
    set({ notify });
  },
  setProblemsOpen: (problemsOpen) => set({ problemsOpen }),
}));

/** Leads to the canvas once what is to be shown there has been read. Who goes to another tab in the meantime stays there. */
export function canvasAfterwards(): () => void {
  const { tab: before } = useUiStore.getState();
  return () => {
    const { tab, setTab } = useUiStore.getState();
    if (tab === before) setTab('design');
  };
}

/** Says something to assistive technology without moving the focus. */
export function announce(message: string): void {
  const current = useUiStore.getState().announcement;
  // The same text twice would not be read twice: alternate a trailing no-break space.
  useUiStore.setState({ announcement: current === message ? `${message}\u00a0` : message });
}
