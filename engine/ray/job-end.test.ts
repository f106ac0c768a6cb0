import { describe, expect, it } from 'vitest';
import type { JobInfo } from './client.ts';
import { failureFrom, failureOf } from './job-end.ts';
import { type JobLine, JobOutput } from './job-lines.ts';

describe('why a job failed', () => {
  const info = (part: Partial<JobInfo>): JobInfo => ({ status: 'FAILED', message: 'Traceback\n  …\nthe last line.', ...part });

  it.each([
    [{ error_type: 'RUNTIME_ENV_SETUP_FAILURE' }, 'ray-environment', /could not prepare the job’s files: the last line\./],
    [{ error_type: 'JOB_SUPERVISOR_ACTOR_START_TIMEOUT' }, 'ray-no-room', /no room/],
    [{ error_type: 'JOB_SUPERVISOR_ACTOR_DIED' }, 'ray-died', /is gone/],
    [{ driver_exit_code: -9 }, 'ray-out-of-memory', /killed/],
    [{ driver_exit_code: 137 }, 'ray-out-of-memory', /memory/],
    [{ driver_exit_code: 127 }, 'ray-no-python', /no program named python/],
    [{ driver_exit_code: 1 }, 'ray-train-failed', /exit code 1\): ValueError: no examples\./],
  ])('%o', (part, code, words) => {
    const failure = failureOf(info(part), ['INFO job_manager.py: x', 'ValueError: no examples', 'Running entrypoint for job x']);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(failure.hint).toBeTypeOf('string');
  });

  it.each([
    ['no-torch', 'ray-no-torch', /no PyTorch: \/usr\/bin\/python has no torch\./],
    ['storage-not-seen', 'ray-storage-not-seen', /does not see the storage/],
    ['no-gpu', 'ray-no-gpu', /GPU/],
    ['no-fsspec', 'ray-no-fsspec', /cannot open the storage/],
    ['out-of-memory', 'ray-out-of-memory', /memory of a worker/],
    ['train-failed', 'ray-train-failed', /Training failed/],
    ['loss-not-finite', 'loss-not-finite', /has no torch/],
  ])('as the job tells it: %s', (code, expected, words) => {
    const failure = failureFrom({ code, message: '/usr/bin/python has no torch' });
    expect(failure).toMatchObject({ code: expected, message: expect.stringMatching(words) });
  });
});

describe('a job’s output', () => {
  const read = (pieces: readonly string[]) => {
    const lines: JobLine[] = [];
    const output = new JobOutput((line) => lines.push(line));
    for (const piece of pieces) output.push(piece);
    return { lines, output };
  };

  it('is taken apart whatever pieces it comes in', () => {
    const text = 'hello\n@unroll {"seconds":1,"step":3,"loss":0.5,"rate":0.01}\n@unroll {"seconds":2,"ended":"done"}\n';
    const whole = read([text]).lines;
    expect(whole).toEqual([
      { seconds: 1, step: 3, loss: 0.5, rate: 0.01 },
      { seconds: 2, ended: 'done' },
    ]);
    expect(read([...text]).lines).toEqual(whole);
  });

  it('knows numbers that are none', () => {
    const [line] = read(['@unroll {"seconds":1,"step":3,"loss":"NaN","rate":0.01}\n']).lines;
    expect(line).toEqual({ seconds: 1, step: 3, loss: Number.NaN, rate: 0.01 });
  });

  it('keeps the words of others, and passes over what it does not know', () => {
    const { lines, output } = read(['Warning: x  \n@unroll {"seconds":1,"newer":1}\n@unroll {bad\n\nError: y\n']);
    expect(lines).toEqual([]);
    expect(output.words).toEqual(['Warning: x', 'Error: y']);
  });
});
