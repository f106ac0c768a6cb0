import { create } from 'zustand';
import type { Direction } from './port-choices.ts';

interface OwnPort {
  readonly name: string;
  readonly direction: Direction;
}

interface WirePicking {
  /** The node that is being wired with the keyboard, or `null`. */
  readonly node: string | null;
  /** Its one port that the wire starts at; `null` offers them all. */
  readonly port: OwnPort | null;
}

export const useWirePicker = create<WirePicking>(() => ({ node: null, port: null }));
export const openWirePicker = (node: string, port: OwnPort | null = null): void => useWirePicker.setState({ node, port });
