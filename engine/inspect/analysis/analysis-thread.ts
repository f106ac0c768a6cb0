/** Entry of the thread that computes spectra; started by `in-thread.ts`, which ends it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type AnalysisQuestion, answerOf } from './questions.ts';

parentPort?.postMessage(answerOf(workerData as AnalysisQuestion));
