import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { JobStatus } from './client.ts';

/** @throws Error where it does not come to that */
export async function until(test: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (test()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come to that');
}

/** A job as the server of these tests has it; what it does is up to the test. */
export interface ServedJob {
  readonly id: string;
  /** What it was given in UNROLL_JOB. */
  readonly given: {
    readonly arguments: readonly string[];
    readonly storage: string;
    readonly mark: string;
    readonly stored: readonly string[];
    readonly shared: { readonly place: string; readonly content: string } | null;
    readonly resume: boolean;
  };
  readonly request: Readonly<Record<string, unknown>>;
  status: JobStatus;
  message: string | null;
  errorType: string | null;
  exitCode: number | null;
  logs: string;
  /** Prints a line that is meant for the app. */
  tell(values: object): void;
  print(text: string): void;
  /** Ends with a status. */
  end(status: JobStatus, more?: { message?: string; errorType?: string; exitCode?: number }): void;
}

interface ServerOptions {
  /** Called for each job that is submitted. */
  readonly onJob?: (job: ServedJob) => void;
  /** Called when a job is asked to stop; it then ends as stopped. */
  readonly onStop?: (job: ServedJob) => void;
  readonly token?: string;
}

/**
 * The part of Ray's dashboard that is used, with Ray's own answers and ways of failing. Refuses with `answers`, by the beginning of
 * method and path, what it is told to refuse.
 */
export async function rayServer(options: ServerOptions = {}) {
  const jobs = new Map<string, ServedJob>();
  const packages = new Map<string, Buffer>();
  const asked: string[] = [];
  const answers = new Map<string, { readonly status: number; readonly text: string }>();
  const listeners = new Map<string, Set<(text: string) => void>>();
  const enders = new Map<string, Set<() => void>>();
  const open = new Set<Socket>();

  const served = (request: Readonly<Record<string, unknown>>): ServedJob => {
    const id = String(request['submission_id']);
    const environment = (request['runtime_env'] as { env_vars: Record<string, string> }).env_vars;
    const job: ServedJob = {
      id,
      request,
      given: JSON.parse(environment['UNROLL_JOB'] ?? '{}'),
      status: 'RUNNING',
      message: null,
      errorType: null,
      exitCode: null,
      logs: '',
      print: (text) => {
        job.logs += text;
        for (const listener of listeners.get(id) ?? []) listener(text);
      },
      tell: (values) => job.print(`@unroll ${JSON.stringify({ seconds: 1, ...values })}\n`),
      end: (status, { message, errorType, exitCode } = {}) => {
        Object.assign(job, { status, message: message ?? null, errorType: errorType ?? null, exitCode: exitCode ?? null });
        for (const end of enders.get(id) ?? []) end();
      },
    };
    return job;
  };

  /** Status and content. */
  const answer = (request: IncomingMessage, body: Buffer): readonly [number, unknown] => {
    const path = request.url ?? '';
    const line = `${request.method} ${path}`;
    asked.push(line);
    const told = [...answers].find(([start]) => line.startsWith(start))?.[1];
    if (told !== undefined) return [told.status, told.text];
    if (options.token !== undefined) {
      const { authorization } = request.headers;
      if (authorization === undefined) return [401, 'Unauthorized: Missing authentication token'];
      if (authorization !== `Bearer ${options.token}`) return [403, 'Forbidden: Invalid authentication token'];
    }
    if (request.headers['sec-fetch-mode'] !== undefined && request.method === 'POST') {
      return [405, 'Method Not Allowed for browser traffic.'];
    }
    if (path === '/api/version') return [200, { version: '4', ray_version: '2.60.0', ray_commit: 'x' }];
    const name = /^\/api\/packages\/gcs\/(.+)$/.exec(path)?.[1];
    if (name !== undefined) {
      if (request.method === 'PUT') packages.set(name, body);
      return packages.has(name) ? [200, ''] : [404, `Package gcs://${name} does not exist`];
    }
    if (line === 'POST /api/jobs/') {
      const submitted = served(JSON.parse(body.toString('utf8')));
      const { id } = submitted;
      if (jobs.has(id)) return [500, `Traceback\nValueError: Job with submission_id ${id} already exists.`];
      jobs.set(id, submitted);
      setImmediate(() => options.onJob?.(submitted));
      return [200, { submission_id: id }];
    }
    const [, id = '', what] = /^\/api\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const job = jobs.get(id);
    if (job === undefined) return [404, `Job ${id} does not exist`];
    if (what === 'logs') return [200, { logs: job.logs }];
    if (what === 'stop') {
      options.onStop?.(job);
      job.end('STOPPED', { message: 'Job was intentionally stopped.' });
      return [200, { stopped: true }];
    }
    return [200, { status: job.status, message: job.message, error_type: job.errorType, driver_exit_code: job.exitCode }];
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const [status, content] = answer(request, Buffer.concat(parts));
      response.writeHead(status);
      response.end(typeof content === 'string' ? content : JSON.stringify(content));
    });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    asked.push(`TAIL ${request.url}`);
    const id = /^\/api\/jobs\/([^/]+)\/logs\/tail$/.exec(request.url ?? '')?.[1] ?? '';
    const job = jobs.get(id);
    const send = (text: string): void => socket.send(text);
    const end = (): void => socket.close(1000);
    listeners.set(id, (listeners.get(id) ?? new Set()).add(send));
    enders.set(id, (enders.get(id) ?? new Set()).add(end));
    socket.on('close', () => {
      listeners.get(id)?.delete(send);
      enders.get(id)?.delete(end);
    });
    socket.on('error', () => undefined);
    // From byte 0, whoever listened before.
    if (job !== undefined && job.logs !== '') send(job.logs);
    if (job !== undefined && job.status !== 'RUNNING') end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    address: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    jobs,
    packages,
    /** Requests in their order, `GET /api/version`. */
    asked,
    answers,
    cut: (): void => {
      for (const socket of open) socket.destroy();
    },
    close: async (): Promise<void> => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
