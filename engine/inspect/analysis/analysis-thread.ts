/** Entry of the thread that computes spectra, scores and projections; started by `in-thread.ts`, which ends it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type AnalysisQuestion, answerOf } from './questions.ts';

parentPort?.postMessage({ answer: answerOf(workerData as AnalysisQuestion, (done) => parentPort?.postMessage({ done })) });
