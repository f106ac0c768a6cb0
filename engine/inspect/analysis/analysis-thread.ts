/** Entry of the thread that computes spectra, scores and projections; started by `in-thread.ts`, which ends it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type AnalysisQuestion, answerOf } from './questions.ts';

const tell = (done: number, of: number): void => parentPort?.postMessage({ done, of });
parentPort?.postMessage({ answer: answerOf(workerData as AnalysisQuestion, tell) });
