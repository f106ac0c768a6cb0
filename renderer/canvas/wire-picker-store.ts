import { create } from 'zustand';

/** The node that is being wired with the keyboard, or `null`. */
export const useWirePicker = create<{ readonly node: string | null }>(() => ({ node: null }));
export const openWirePicker = (node: string): void => useWirePicker.setState({ node });
