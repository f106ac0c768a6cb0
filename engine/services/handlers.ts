import type { Handlers } from '../protocol/contract.ts';
import { appService } from './app.ts';
import type { EngineContext } from './context.ts';
import { dataService } from './data.ts';
import { documentService } from './documents.ts';
import { exportService } from './export.ts';
import { predictService } from './predict.ts';
import { trainingService } from './training.ts';
import { workerService } from './worker.ts';

/** Every method of the contract: a forgotten one does not compile. */
export function createHandlers(context: EngineContext): Handlers {
  return {
    ...appService(context),
    ...documentService(context),
    ...dataService(context),
    ...trainingService(context),
    ...predictService(context),
    ...exportService(context),
    ...workerService(context),
  };
}
