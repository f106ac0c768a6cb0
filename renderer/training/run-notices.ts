import { create } from 'zustand';
import { useUiStore } from '../store/ui-store.ts';
import { isTrial } from '../sweep/sweep-store.ts';
import { toast } from '../ui/toast-store.ts';
import { type Ending, endings } from './run-endings.ts';
import { useSeedSeries } from './seed-series.ts';
import { showRun, useTrainingStore } from './store.ts';

/** A run that ended while the window was not looked at. */
export const useUnseenEnding = create<{ readonly ending: Ending | null }>(() => ({ ending: null }));

const looking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

function show({ run }: Ending): void {
  useUiStore.getState().setTab('design');
  void showRun(run.id);
}

function tell(ending: Ending): void {
  const { tone, title, text } = ending;
  toast({ tone, title, text, action: { label: 'Show', run: () => show(ending) } });
  if (looking()) return;
  useUnseenEnding.setState({ ending });
  if (!useUiStore.getState().notify || !('Notification' in window) || Notification.permission !== 'granted') return;
  const notice = new Notification(title, { ...(text === undefined ? {} : { body: text }), tag: ending.run.id });
  notice.onclick = () => {
    window.focus();
    show(ending);
  };
}

/** Tells of runs that end: in the window, in its title while nobody looks, and by the system where that was asked for. @returns what ends this */
export function tellEndings(): () => void {
  const seen = (): void => useUnseenEnding.setState({ ending: null });
  window.addEventListener('focus', seen);
  const unsubscribe = useTrainingStore.subscribe(({ runs }, before) => {
    // Of a series of seeds only its end is news; that of a seed which goes wrong is told. With its last run the series is over already.
    const { series, told } = useSeedSeries.getState();
    for (const ending of endings(before.runs, runs)) {
      const { id } = ending.run;
      // A trial is news to its sweep, whose end is told.
      if (isTrial(id)) continue;
      if (ending.tone === 'bad' || !(series?.runs.includes(id) || told.includes(id))) tell(ending);
    }
  });
  return () => {
    window.removeEventListener('focus', seen);
    unsubscribe();
  };
}

/** Turns the system's notices on, where it lets us, or off. */
export async function toggleNotices(): Promise<void> {
  const { notify, setNotify } = useUiStore.getState();
  if (notify) {
    setNotify(false);
    toast({ tone: 'info', title: 'The system no longer tells of runs that end' });
    return;
  }
  const allowed = 'Notification' in window && (await Notification.requestPermission()) === 'granted';
  setNotify(allowed);
  if (allowed) toast({ tone: 'good', title: 'The system will tell you when a run ends while you look elsewhere' });
  else
    toast({
      tone: 'bad',
      title: 'Notices are not allowed',
      text: 'Allow notifications for this page in the browser’s or the system’s settings, then turn them on again.',
    });
}
