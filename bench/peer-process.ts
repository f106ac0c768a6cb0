import { startLineProcess } from '../engine/toolchain/line-process.ts';
import { type Channel, PeerError } from './peer.ts';

/** Starts a program that speaks a line of JSON per request on its standard streams, and waits for its first line. */
export const startProcess = (
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Channel> => startLineProcess(program, args, environment, (message) => new PeerError(message));
