import type { Answer, Connections } from '../links/connections.ts';

/** What a session carries: windows by their number, and the messages between each and the engine. */
const message = /^([ocm])(\d{1,9})(?: (.*))?$/s;

/** The near engine's own number: it asks, and hears of no events. */
export const own = 0;

export const opened = (window: number): string => `o${window}`;
export const closed = (window: number): string => `c${window}`;
export const carried = (window: number, text: string): string => `m${window} ${text}`;

/** The number and the text of a message for a window; `null` for anything else. */
export function readCarried(line: string): { readonly window: number; readonly text: string } | null {
  const [, kind, window = '', text] = message.exec(line) ?? [];
  return kind === 'm' && text !== undefined ? { window: Number(window), text } : null;
}

/** The far side of a session: each window of the near engine is one of this engine's. @param send back to the near engine */
export function servedWindows(
  connections: Connections,
  answer: Answer,
  send: (message: string) => void,
): { receive(line: string): void; close(): void } {
  const windows = new Map<number, { readonly say: (text: string) => void; readonly end: () => void }>();
  const end = (window: number): void => {
    windows.get(window)?.end();
    windows.delete(window);
  };
  const ownSay = (told: string): void => send(carried(own, told));
  return {
    receive(line) {
      const [, kind, number = '', text = ''] = message.exec(line) ?? [];
      const window = Number(number);
      if (kind === 'o') {
        end(window);
        const say = (told: string): void => send(carried(window, told));
        windows.set(window, { say, end: connections.add(say) });
      } else if (kind === 'c') end(window);
      else if (kind === 'm' && window === own) {
        void answer(text, ownSay).then((reply) => {
          if (reply !== null) ownSay(reply);
        });
      } else if (kind === 'm') {
        const asking = windows.get(window);
        if (asking === undefined) return;
        void answer(text, asking.say).then((reply) => {
          if (reply !== null && windows.get(window) === asking) asking.say(reply);
        });
      }
    },
    close() {
      for (const window of [...windows.keys()]) end(window);
    },
  };
}
