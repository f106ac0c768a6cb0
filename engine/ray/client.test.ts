import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import { freePort } from '../toolchain/free-port.test-support.ts';
import { rayAddress } from './address.ts';
import { RayClient } from './client.ts';
import { rayServer } from './ray-server.test-support.ts';

let server: Awaited<ReturnType<typeof rayServer>>;
afterEach(() => server?.close());

const client = (token?: string): RayClient => new RayClient(server.address, async () => token);
const job = {
  id: 'one',
  entrypoint: 'python x.py',
  package: 'gcs://x',
  environment: { UNROLL_JOB: '{}' },
  cpus: 1,
  gpus: 0,
  metadata: {},
};

it.each([
  ['ray:http://head:8265', 'http://head:8265'],
  ['ray:http://head', 'http://head:8265'],
  ['head', 'http://head:8265'],
  ['head:9000/', 'http://head:9000'],
  ['http://head:80', 'http://head'],
  ['https://ray.example.org/cluster/', 'https://ray.example.org/cluster'],
  ['ray:http://[::1]:8265', 'http://[::1]:8265'],
])('reads the address %s', (text, address) => {
  expect(rayAddress(text)).toBe(address);
});

it.each(['', 'ray://head:10001', 'ray:ray://head:10001', 'ssh://head', 'http://user:secret@head:8265', 'http://head:8265/?a=1'])(
  'refuses the address “%s”',
  (text) => {
    expect(() => rayAddress(text)).toThrow(/is not the address of a Ray cluster/);
  },
);

describe('a cluster', () => {
  it('is asked for its version', async () => {
    server = await rayServer();
    expect(await client().version()).toBe('2.60.0');
  });

  it('takes a token in its header', async () => {
    server = await rayServer({ token: 'right' });
    expect(await client('right').version()).toBe('2.60.0');
    expect(await failureOf(client().version())).toMatchObject({
      code: 'ray-token-missing',
      hint: expect.stringMatching('RAY_AUTH_TOKEN'),
    });
    const wrong = await failureOf(client('wrong-secret').version());
    expect(wrong).toMatchObject({ code: 'ray-token-wrong' });
    expect(JSON.stringify(wrong)).not.toContain('wrong-secret');
  });

  it('gets a package once', async () => {
    server = await rayServer();
    for (let i = 0; i < 2; i++) expect(await client().putPackage('abc', Buffer.from('zip'))).toBe('gcs://_ray_pkg_abc.zip');
    expect(server.asked.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
    expect(server.packages.get('_ray_pkg_abc.zip')?.toString()).toBe('zip');
  });

  it('is given a job with its resources', async () => {
    server = await rayServer();
    await client().submit({ ...job, gpus: 1 });
    expect(server.jobs.get('one')?.request).toMatchObject({
      entrypoint: 'python x.py',
      entrypoint_num_cpus: 1,
      entrypoint_num_gpus: 1,
      runtime_env: { working_dir: 'gcs://x' },
    });
    expect(await client().job('one')).toMatchObject({ status: 'RUNNING' });
    expect(await client().job('two')).toBeNull();
  });

  it.each([
    [404, 'ray-not-found', /job interface/],
    [405, 'ray-method-refused', /405/],
    [413, 'ray-too-large', /413/],
    [500, 'ray-error', /answers 500 .*: ValueError: Job with submission_id one already exists/],
    [502, 'ray-error', /answers 502 .*: Bad Gateway/],
  ])('that answers %i is told', async (status, code, words) => {
    server = await rayServer();
    const text =
      status === 502
        ? '<html><title>x</title><body>Bad Gateway</body></html>'
        : 'Traceback\nValueError: Job with submission_id one already exists.';
    server.answers.set('POST /api/jobs/', { status, text });
    const failure = await failureOf(client().submit(job));
    expect(failure).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(failure.hint).toBeTypeOf('string');
  });

  it('that is none, or too old, is told', async () => {
    server = await rayServer();
    server.answers.set('GET /api/version', { status: 200, text: '<html>hello</html>' });
    expect(await failureOf(client().version())).toMatchObject({ code: 'ray-not-found' });
    server.answers.set('GET /api/version', { status: 200, text: '{"version":"1","ray_version":"1.13.0"}' });
    expect(await failureOf(client().version())).toMatchObject({
      code: 'ray-too-old',
      message: expect.stringMatching('1.13.0'),
    });
  });

  it('that nobody is at is told, with the way by ssh', async () => {
    server = await rayServer();
    const nobody = new RayClient(`http://127.0.0.1:${await freePort()}`, async () => undefined);
    const failure = await failureOf(nobody.version());
    expect(failure).toMatchObject({ code: 'ray-unreachable', message: expect.stringMatching('nothing listens there') });
    expect(failure.hint).toMatch('ssh -L 8265');
  });
});
