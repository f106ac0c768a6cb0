import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { ShellBridge } from '../engine/protocol/shell.ts';
import type { UpdateStatus } from '../engine/protocol/updates.ts';

/** The engine's port stays here: a port itself cannot cross the context bridge. */
let port: MessagePort | null = null;
const messageListeners: ((message: string) => void)[] = [];
const openListeners: (() => void)[] = [];
const closeListeners: (() => void)[] = [];

/** A document may arrive before the page listens. */
let openDocument: ((path: string) => void) | null = null;
let waiting: string | null = null;
ipcRenderer.on('document:open', (_event, path: string) => {
  if (openDocument === null) waiting = path;
  else openDocument(path);
});

ipcRenderer.on('engine:port', (event: IpcRendererEvent) => {
  const given = event.ports[0];
  if (given === undefined) return;
  port?.close();
  port = given;
  given.onmessage = ({ data }): void => {
    if (port === given && typeof data === 'string') for (const listener of messageListeners) listener(data);
  };
  for (const listener of openListeners) listener();
});
ipcRenderer.on('engine:closed', () => {
  port?.close();
  port = null;
  for (const listener of closeListeners) listener();
});

/** Only functions that name one thing each; nothing here takes a channel's name. */
const bridge = {
  engine: {
    send: (message) => port?.postMessage(message),
    onMessage: (listener) => void messageListeners.push(listener),
    onOpen: (listener) => {
      openListeners.push(listener);
      if (port !== null) listener();
    },
    onClose: (listener) => void closeListeners.push(listener),
  },
  openFile: async (options) => ((await ipcRenderer.invoke('dialog:open', options)) as string[])[0] ?? null,
  openFiles: (options) => ipcRenderer.invoke('dialog:open', { ...options, several: true }),
  saveFile: (options) => ipcRenderer.invoke('dialog:save', options),
  chooseDirectory: (options) => ipcRenderer.invoke('dialog:directory', options),
  pathOfFile: (file) => {
    // A page cannot make up a file with a path: this one was dropped by a person.
    const path = webUtils.getPathForFile(file);
    if (path !== '') ipcRenderer.send('document:dropped', path);
    return path;
  },
  onCommand: (listener) => void ipcRenderer.on('menu:command', (_event, command: string) => listener(command)),
  onOpenDocument: (listener) => {
    openDocument = listener;
    if (waiting !== null) listener(waiting);
    waiting = null;
  },
  updates: {
    status: () => ipcRenderer.invoke('updates:status'),
    setEnabled: (enabled) => ipcRenderer.invoke('updates:set-enabled', enabled),
    check: () => ipcRenderer.invoke('updates:check'),
    onChange: (listener) => void ipcRenderer.on('updates:changed', (_event, status: UpdateStatus) => listener(status)),
  },
  setUnsaved: (unsaved) => ipcRenderer.send('document:unsaved', unsaved),
} satisfies ShellBridge;

contextBridge.exposeInMainWorld('unroll', bridge);
ipcRenderer.send('engine:attach');
