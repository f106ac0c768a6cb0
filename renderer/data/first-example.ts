import { create } from 'zustand';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine } from '../bridge/engine.ts';
import { useDataStore } from './store.ts';

type Example = MethodResult<'data.examples'>['examples'][number];

interface FirstExample {
  /** Data that it is of. */
  readonly binding: DataBinding | null;
  readonly example: Example | null;
}

/** The first example of the training split of the data that is prepared; asked for once for each preparation. */
export const useFirstExample = create<FirstExample>(() => ({ binding: null, example: null }));

useDataStore.subscribe(({ reported, report }, before) => {
  if (report === before.report) return;
  if (reported === null || report === null) {
    useFirstExample.setState({ binding: null, example: null });
    return;
  }
  const still = (): boolean => useDataStore.getState().report === report;
  const show = (example: Example | null): void => {
    if (still()) useFirstExample.setState({ binding: reported, example });
  };
  engine.call('data.examples', { binding: reported, split: 'train', offset: 0, count: 1 }).then(
    ({ examples }) => show(examples[0] ?? null),
    // The Data panel tells what is wrong with the data; the card has then nothing to show of it.
    () => show(null),
  );
});
