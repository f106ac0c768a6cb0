import type { Caller, EventData, EventName, MethodResult } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import type { ShownDocument } from '../protocol/windows.ts';
import type { Service } from './context.ts';

/** ms that a window has to let its document go; one whose tab is frozen never answers. */
const patience = 10_000;

interface Handover {
  resolve(answer: MethodResult<'window.takeOver'>): void;
  reject(error: UserError): void;
}

/** The connected windows, of whichever browser: each is told what the others show, and may take a document over. */
export function windowService(): { readonly handlers: Service<'window'>; left(window: Caller): void } {
  const windows = new Map<Caller, ShownDocument>();
  const handovers = new Map<Caller, Handover>();
  const othersOf = (window: Caller): ShownDocument[] =>
    [...windows].filter(([other]) => other !== window).map(([, shown]) => shown);
  const tell = <E extends EventName>(window: Caller, event: E, data: EventData<E>): void =>
    window(figuresToJson({ event, data }));
  const tellOthers = (of: Caller): void => {
    for (const window of windows.keys()) if (window !== of) tell(window, 'window.others', { others: othersOf(window) });
  };
  return {
    handlers: {
      'window.show': async (shown, caller) => {
        const window = requireWindow(caller);
        windows.set(window, shown);
        tellOthers(window);
        return { others: othersOf(window) };
      },
      'window.takeOver': async ({ key }, caller) => {
        const window = requireWindow(caller);
        const holder = [...windows].find(([other, shown]) => other !== window && shown.key === key)?.[0];
        if (holder === undefined) throw gone;
        handovers.get(holder)?.reject(gone);
        return new Promise((resolve, reject) => {
          const end = (): void => {
            clearTimeout(timer);
            handovers.delete(holder);
          };
          const handover: Handover = {
            resolve(answer) {
              end();
              resolve(answer);
            },
            reject(error) {
              end();
              reject(error);
            },
          };
          const timer = setTimeout(() => handover.reject(silent), patience);
          handovers.set(holder, handover);
          tell(holder, 'window.taken', { key });
        });
      },
      'window.handOver': async (answer, caller) => {
        handovers.get(requireWindow(caller))?.resolve(answer);
        return {};
      },
    },
    left(window) {
      handovers.get(window)?.reject(gone);
      if (windows.delete(window)) tellOthers(window);
    },
  };
}

/** @throws UserError `no-window` for the command line, which shows nothing */
function requireWindow(caller: Caller | undefined): Caller {
  if (caller !== undefined) return caller;
  throw new UserError({ code: 'no-window', message: 'Only a window can ask this of the engine.' });
}

const gone = new UserError({
  code: 'window-gone',
  message: 'The other window was closed, or shows another document by now.',
  hint: 'Open the document again.',
});

const silent = new UserError({
  code: 'window-silent',
  message: 'The other window does not answer.',
  hint: 'Close it, and take the document over then: what was not saved there is offered for recovery at the next start.',
});
