import { UserError } from '../engine/protocol/envelope.ts';
import { PeerError } from './peer.ts';

/** Why a row failed, where the others can go on; `null` for a bug of the benchmark itself. */
export function rowFailure(error: unknown): string | null {
  if (error instanceof PeerError) return error.message;
  return error instanceof UserError && error.failure.code === 'bench-losses-differ' ? error.failure.message : null;
}
