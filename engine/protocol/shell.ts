import type { UpdateStatus } from './updates.ts';

/**
 * What the desktop shell's preload exposes to the window as `window.unroll`. In a plain browser window it is absent, and the
 * window talks to the engine over a WebSocket and uses its own file picker.
 */
export interface ShellBridge {
  /** The engine's message channel. The shell holds the MessagePort: a port itself cannot cross the context bridge. */
  readonly engine: {
    send(message: string): void;
    onMessage(listener: (message: string) => void): void;
    /** A port is there (again): the engine is ready to be called. Called at once when it already is. */
    onOpen(listener: () => void): void;
    onClose(listener: () => void): void;
  };
  /** Native dialogs; `null` when the user cancels. Filters are lists of endings without dots. */
  openFile(options: { readonly title: string; readonly endings: readonly string[] }): Promise<string | null>;
  /** One file or more; none when the user cancels. */
  openFiles(options: { readonly title: string; readonly endings: readonly string[] }): Promise<readonly string[]>;
  saveFile(options: { readonly title: string; readonly suggested: string }): Promise<string | null>;
  chooseDirectory(options: { readonly title: string }): Promise<string | null>;
  /** Absolute path of a file dropped on the window. */
  pathOfFile(file: File): string;
  /** A menu item was chosen: the id of one of the window's commands, e.g. `document.save`. */
  onCommand(listener: (command: string) => void): void;
  /** A document was opened from outside (double click, second start). */
  onOpenDocument(listener: (path: string) => void): void;
  /** Tells the shell whether closing the window would lose work, so that it asks first. */
  setUnsaved(unsaved: boolean): void;
  /** Updates of the app itself. */
  readonly updates: {
    status(): Promise<UpdateStatus>;
    setEnabled(enabled: boolean): Promise<void>;
    /** Looks now, if updates are on. */
    check(): Promise<void>;
    onChange(listener: (status: UpdateStatus) => void): void;
  };
}
