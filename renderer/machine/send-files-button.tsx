import { filePaths, mapFilePaths } from '../../engine/graph/file-paths.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { farHost, useMachine } from '../bridge/machine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import { asFarFiles } from './actions.ts';

/** Sends the files that the document names to the machine that is to read them, and names them there. One step of undo. */
async function sendDocumentFiles(home: string): Promise<boolean> {
  const { whole, autosaveKey } = useDocumentStore.getState();
  const paths = [...new Set(filePaths(whole))].filter((path) => !path.startsWith(`${home}/`));
  const sent = await asFarFiles(paths);
  if (sent.length !== paths.length || useDocumentStore.getState().autosaveKey !== autosaveKey) return false;
  const there = new Map(paths.map((path, index) => [path, sent[index] ?? path]));
  useDocumentStore.getState().editWhole((now) => mapFilePaths(now, (path) => there.get(path) ?? path));
  return sent.length > 0;
}

/** The way on where a file is missing on another machine: it may lie on this one. @param onSent the failure is settled */
export function SendFilesButton({ failure, onSent }: { readonly failure: Failure; readonly onSent: () => void }) {
  const state = useMachine((s) => s.state);
  const host = farHost(state);
  const names = useDocumentStore((s) => filePaths(s.whole).length > 0);
  if (host === null || !('home' in state) || failure.code !== 'file-not-found' || !names) return null;
  const send = async (): Promise<void> => {
    if (await sendDocumentFiles(state.home)) onSent();
  };
  return (
    <Button size="small" onClick={() => void send()}>
      Send the document’s files to {host}
    </Button>
  );
}
