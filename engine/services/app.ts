import { homedir } from 'node:os';
import { join } from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import { protocolVersion, UserError } from '../protocol/envelope.ts';
import type { EngineContext, Service } from './context.ts';
import { deviceService } from './devices.ts';

/** Greeting of a window, devices and their setup. */
export function appService(context: EngineContext): Service<'app'> {
  return {
    ...deviceService(context),
    'app.hello': async ({ protocol }) => {
      if (protocol !== protocolVersion) {
        throw new UserError({
          code: 'protocol-mismatch',
          message: `The window speaks protocol ${protocol}, the engine ${protocolVersion}.`,
          hint: 'They are of different versions: restart Unroll, and reload the window.',
        });
      }
      return {
        version: packageFile.version,
        platform: process.platform,
        home: context.home.root,
        documents: join(homedir(), 'Documents'),
        runs: context.home.runs,
        machine: context.machines?.state ?? { kind: 'here', joined: 0 },
        initial: context.initial,
      };
    },
  };
}
