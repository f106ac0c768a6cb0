import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sizeOf } from '../data/named-files.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RayTarget } from '../protocol/ray.ts';
import { rayAddress } from '../ray/address.ts';
import { RayClient } from '../ray/client.ts';
import { tablesToSend } from '../ray/sent-data.ts';
import type { RayTokens } from '../ray/tokens.ts';
import { requireChosenFolder } from './chosen-folder.ts';
import type { EngineContext, Service } from './context.ts';

/** Ray clusters, before anything is trained there. */
export function rayService(tokens: RayTokens): Service<'ray'> {
  return {
    'ray.check': async ({ address }) => {
      const known = rayAddress(address);
      const client = new RayClient(known, () => tokens.find(known));
      return { address: known, version: await client.version() };
    },
    'ray.measure': async ({ binding }) => {
      const found = await tablesToSend({ binding });
      return { size: found && sizeOf(found) };
    },
    'ray.hasToken': async ({ address }) => ({ kept: await tokens.has(knownAddress(address)) }),
    'ray.keepToken': async ({ address, token }) => {
      await tokens.keep(rayAddress(address), token);
      return {};
    },
  };
}

/** While an address is being written it is none yet. */
function knownAddress(text: string): string {
  try {
    return rayAddress(text);
  } catch (error) {
    if (error instanceof UserError) return '';
    throw error;
  }
}

/** Where the shell has dialogs, a person has chosen the folder that a window names as storage, or agrees to it. */
export async function requireChosenStorage(context: EngineContext, { storage }: RayTarget): Promise<void> {
  const folder = storage.startsWith('file://') ? fileURLToPath(storage) : storage;
  if (isAbsolute(folder)) await requireChosenFolder(context, folder, 'export');
}
