import type { Home } from '../home.ts';
import type { Machines } from '../machines/machines.ts';
import type { WritePurpose } from '../protocol/chosen-path.ts';
import type { EventData, EventName, Handlers, MethodName, MethodResult } from '../protocol/contract.ts';
import type { SecretStore } from '../ray/tokens.ts';

/** What every service needs to know. */
export interface EngineContext {
  readonly home: Home;
  /** The document that the window opens first. */
  readonly initial: MethodResult<'app.hello'>['initial'];
  /** Whether a person has named a path to the shell for what is to be written. Absent where the shell has no dialogs: there any path can be typed. */
  readonly chosenInShell?: (path: string, purpose: WritePurpose) => Promise<boolean>;
  /** The machine that the windows are on. Absent where no windows are: on the command line, and on that machine itself. */
  readonly machines?: Machines;
  /** The system's store of secrets, where the shell has one. */
  readonly secrets?: SecretStore;
  /** Tells every connected window. */
  emit<E extends EventName>(event: E, data: EventData<E>): void;
}

/** The handlers of the methods whose name starts with one of these words. */
export type Service<Prefix extends string> = Pick<Handlers, Extract<MethodName, `${Prefix}.${string}`>>;
