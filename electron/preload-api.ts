/**
 * What the shell gives the window. In Electron the preload script puts an `UnrollShell` on `window.unroll`; in a browser window it
 * is missing, and the window connects to `ws://<its own host>/engine?token=<location.hash without #>` instead.
 *
 * Types only: the window may import this file, nothing else of `electron/`.
 */

/** A menu item that the window carries out; the same names are its own commands. */
export type MenuCommand =
  | 'new'
  | 'open'
  | 'save'
  | 'save-as'
  | 'import-data'
  | 'export'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'duplicate'
  | 'select-all'
  | 'delete'
  | 'zoom-in'
  | 'zoom-out'
  | 'zoom-to-fit'
  | 'layout'
  | 'command-palette'
  | 'toggle-theme'
  | 'train'
  | 'pause'
  | 'stop'
  | 'shortcuts';

/** What the title bar and the close guard know about the open document. */
export interface WindowState {
  readonly name: string;
  readonly path: string | null;
  readonly dirty: boolean;
}

/** Ends a subscription. */
export type Unsubscribe = () => void;

export interface UnrollShell {
  readonly platform: 'linux' | 'darwin' | 'win32' | 'other';
  /** Native dialogs; `null` when cancelled. */
  openFile(kind: 'document' | 'data'): Promise<string | null>;
  saveFile(suggestedName: string): Promise<string | null>;
  chooseDirectory(title: string): Promise<string | null>;
  /** Path of a file that was dropped on the window. */
  pathOfFile(file: File): string;
  /**
   * Asks for a channel to the engine. It arrives as a `message` event on `window` whose `data` is `'unroll:engine'` and whose
   * `ports[0]` carries the same text messages as the WebSocket. Call again after `onEngineExit`.
   */
  connectEngine(): void;
  /** The engine's process ended and is being started again. */
  onEngineExit(listener: () => void): Unsubscribe;
  /** A document was opened from the desktop: double click, recent documents, second instance. */
  onOpenFile(listener: (path: string) => void): Unsubscribe;
  onMenuCommand(listener: (command: MenuCommand) => void): Unsubscribe;
  /** Sets the title; while `dirty`, closing the window asks first. */
  setWindowState(state: WindowState): void;
  /** The engine is training: the machine is kept from falling asleep. */
  setBusy(busy: boolean): void;
}

declare global {
  interface Window {
    /** Present in Electron only. */
    readonly unroll?: UnrollShell;
  }
}
