import type { Failure } from '../protocol/envelope.ts';
import { lastLine } from '../toolchain/run-command.ts';
import type { JobInfo } from './client.ts';

/** Exit codes of a shell: 128 and the signal's number. */
const killed = 137;
const notFound = 127;

const known: Readonly<Record<string, (said: string) => Omit<Failure, 'code'>>> = {
  'no-torch': (said) => ({
    message: `The cluster has no PyTorch: ${said}.`,
    hint: 'Install torch in the Python that the cluster’s nodes run (pip install torch), on each of them.',
  }),
  'no-gpu': (said) => ({
    message: `The cluster gave a GPU that PyTorch cannot use: ${said}.`,
    hint: 'Install a PyTorch for CUDA there, or train with no GPUs.',
  }),
  'no-fsspec': (said) => ({
    message: `The cluster cannot open the storage: ${said}.`,
    hint: 'Install fsspec there, and s3fs, gcsfs or adlfs for its kind, or name a folder that the cluster sees.',
  }),
  'storage-not-seen': (said) => ({
    message: `The cluster does not see the storage that this machine writes to: ${said}.`,
    hint: 'Name a folder that both see under the same path (a network drive), or an address like s3://BUCKET/FOLDER. Without either, run Unroll on the cluster’s own machine.',
  }),
  'out-of-memory': (said) => ({
    message: `The memory of a worker was too small: ${lastLine(said)}.`,
    hint: 'Lower the batch size, or train with more workers: each has its share of a batch.',
  }),
  'train-failed': (said) => ({
    message: `Training failed on the cluster: ${lastLine(said)}.`,
    hint: 'Resume goes on from the last checkpoint.',
  }),
};

/** What a line `failed` of the job says, in the user's words. */
export function failureFrom({ code, message }: { readonly code: string; readonly message: string }): Failure {
  const said = message.trim().replace(/\.$/, '');
  const { message: words, hint } = (known[code] ?? known['train-failed'])?.(said) ?? { message: said };
  return { code: Object.hasOwn(known, code) ? `ray-${code}` : code, message: words, ...(hint === undefined ? {} : { hint }) };
}

/** Why a job failed that told nothing of it itself. @param words the last lines of its output */
export function failureOf(info: JobInfo, words: readonly string[]): Failure {
  const said = lastLine(info.message ?? '') || 'no reason is given';
  switch (info.error_type) {
    case 'RUNTIME_ENV_SETUP_FAILURE':
      return {
        code: 'ray-environment',
        message: `The cluster could not prepare the job’s files: ${said}.`,
        hint: 'The package may be gone from the cluster, or its disk full. Resume sends it again.',
      };
    case 'JOB_SUPERVISOR_ACTOR_START_TIMEOUT':
    case 'JOB_SUPERVISOR_ACTOR_UNSCHEDULABLE':
      return {
        code: 'ray-no-room',
        message: `The cluster found no room for the job: ${said}.`,
        hint: 'Ask for fewer workers or GPUs, or wait until others have ended (ray status shows what is free).',
      };
    case 'JOB_SUPERVISOR_ACTOR_DIED':
      return {
        code: 'ray-died',
        message: `The machine of the cluster that ran the job is gone, or ended it: ${said}.`,
        hint: 'It may have run out of memory. Resume goes on from the last checkpoint.',
      };
  }
  const exit = info.driver_exit_code;
  if (exit === killed || exit === -9) {
    return {
      code: 'ray-out-of-memory',
      message: 'The job was killed on the cluster, most likely because its memory was too small.',
      hint: 'Lower the batch size, or train with more workers. Resume goes on from the last checkpoint.',
    };
  }
  if (exit === notFound) {
    return {
      code: 'ray-no-python',
      message: 'The cluster has no program named python.',
      hint: 'Start Ray in the environment whose Python has torch, or put a link named python beside python3.',
    };
  }
  const last = words.filter((line) => !/INFO job_manager|^Running entrypoint/.test(line)).at(-1);
  return {
    code: 'ray-train-failed',
    message: `The job failed on the cluster${exit == null ? '' : ` (exit code ${exit})`}: ${(last ?? said).replace(/\.$/, '')}.`,
    hint: 'Resume goes on from the last checkpoint.',
  };
}
