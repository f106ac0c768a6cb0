import { sentWords } from '../../engine/protocol/transfer.ts';
import { engine } from '../bridge/engine.ts';
import { farHost, useMachine } from '../bridge/machine.ts';
import { announce, useUiStore } from '../store/ui-store.ts';
import { toast, toastFailure } from '../ui/toast-store.ts';
import { askToSend } from './send-question.ts';

export const openConnectDialog = (): void => useUiStore.getState().openDialog('connect');

/** Back to this computer. What trains there goes on. */
export async function disconnect(): Promise<void> {
  const host = farHost();
  try {
    await engine.call('machine.disconnect', {});
    if (host !== null) announce(`Back on this computer. What trains on ${host} goes on.`);
  } catch (error) {
    toastFailure(error);
  }
}

export const retryMachine = (): void => void engine.call('machine.retry', {}).catch(toastFailure);

/**
 * Where files of this computer lie for the engine that reads them: they are sent to the machine that it is on, if it is another, with what
 * their rows name once the person has agreed to that. None where nothing was sent.
 */
export async function asFarFiles(paths: readonly string[]): Promise<readonly string[]> {
  const host = farHost();
  if (host === null || paths.length === 0) return paths;
  const size = await engine.call('machine.measure', { paths: [...paths] }).catch((error: unknown) => {
    toastFailure(error, 'Not sent');
    return null;
  });
  if (size === null || (size.named + size.whole > 0 && !(await askToSend(host, size)))) return [];
  toast({
    tone: 'info',
    title: `Sending to ${host} …`,
    text: sentWords(size).join(' '),
    action: { label: 'Cancel', run: () => void engine.call('machine.cancelSend', {}).catch(toastFailure) },
  });
  try {
    const { paths: sent } = await engine.call('machine.send', { paths: [...paths] });
    announce(`Sent to ${host}.`);
    return sent;
  } catch (error) {
    toastFailure(error, 'Not sent');
    return [];
  }
}

// The engine here was started anew, and has forgotten where it was.
useMachine.subscribe(({ state }, before) => {
  if (state.kind !== 'here' || state.joined > before.state.joined) return;
  const host = farHost(before.state);
  if (host === null) return;
  toast({
    tone: 'bad',
    title: `The connection to ${host} ended with the engine of this computer`,
    text: 'What trains there goes on.',
    action: { label: 'Connect again', run: () => void engine.call('machine.connect', { host }).catch(toastFailure) },
  });
});
