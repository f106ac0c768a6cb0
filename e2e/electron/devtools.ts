import { WebSocket } from 'ws';
import { z } from 'zod';

const answer = z.object({
  id: z.number(),
  error: z.object({ message: z.string() }).optional(),
  result: z
    .object({
      result: z.object({ value: z.unknown().optional() }).optional(),
      exceptionDetails: z
        .object({ text: z.string(), exception: z.object({ description: z.string() }).partial().optional() })
        .optional(),
    })
    .optional(),
});

/** The DevTools protocol, spoken directly to the window: Playwright asks for a newer browser than the oldest that is tested. */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: z.infer<typeof answer>) => void>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const reply = answer.safeParse(JSON.parse(String(data)));
      if (reply.success) this.#waiting.get(reply.data.id)?.(reply.data);
    });
  }

  static async #connect(address: string): Promise<DevTools> {
    const socket = new WebSocket(address, { perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new DevTools(socket);
  }

  /** The page of the app's window, once there is one. */
  static async ofWindow(port: number): Promise<DevTools> {
    const targets = z.array(z.object({ type: z.string(), url: z.string(), webSocketDebuggerUrl: z.string() }));
    for (let tries = 0; tries < 100; tries++) {
      const listed = targets.safeParse(await (await fetch(`http://127.0.0.1:${port}/json`)).json());
      const page = listed.data?.find(({ type, url }) => type === 'page' && url.startsWith('app:'));
      if (page !== undefined) return DevTools.#connect(page.webSocketDebuggerUrl);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('no window of the app came up in 10 s');
  }

  /** The value of an expression, awaited; throws what it throws. */
  async evaluate(expression: string): Promise<unknown> {
    const id = this.#next++;
    const reply = await new Promise<z.infer<typeof answer>>((resolve, reject) => {
      this.#waiting.set(id, resolve);
      setTimeout(() => reject(new Error(`no answer in 15 s: ${expression}`)), 15_000).unref();
      const params = { expression, awaitPromise: true, returnByValue: true, includeCommandLineAPI: true };
      this.#socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
    });
    this.#waiting.delete(id);
    const thrown = reply.result?.exceptionDetails;
    if (reply.error !== undefined || thrown !== undefined)
      throw new Error(`${expression}: ${reply.error?.message ?? thrown?.exception?.description ?? thrown?.text}`);
    return reply.result?.result?.value;
  }

  close(): void {
    this.#socket.terminate();
  }
}
