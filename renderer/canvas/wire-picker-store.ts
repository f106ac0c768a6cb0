import { create } from 'zustand';
import type { WireSubject } from './wire-choices.ts';

/** What is being wired with the keyboard. */
export const useWirePicker = create<{ readonly subject: WireSubject | null }>(() => ({ subject: null }));

export const openWirePicker = (subject: WireSubject): void => useWirePicker.setState({ subject });
