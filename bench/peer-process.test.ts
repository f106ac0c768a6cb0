import { expect, test } from 'vitest';
import { Peer } from './peer.ts';
import { startProcess } from './peer-process.ts';

const script = (body: string): string[] => [
  '-e',
  `const say = (value) => console.log(JSON.stringify(value));
   say({ version: '1', peakBytes: 5 });
   require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => { const request = JSON.parse(line); ${body} });`,
];

test('a resident process answers one request after the other, and ends when it is closed', async () => {
  const body = `say({ times: Array(request.steps).fill(request.warm), losses: [] })`;
  const peer = new Peer('keras', await startProcess(process.execPath, script(body), {}));
  expect(peer).toMatchObject({ version: '1', startBytes: 5 });
  expect((await peer.run(7, 2)).times).toEqual([7, 7]);
  expect((await peer.run(1, 1)).times).toEqual([1]);
  await peer.close();
  await expect(peer.run(1, 1)).rejects.toThrow(/ended with code 0/);
});

test('a peer’s own error and a dying peer are both told in its words', async () => {
  const body = `if (request.do === 'sgemm') say({ error: 'no memory' }); else { console.error('out of luck'); process.exit(3); }`;
  const peer = new Peer('keras', await startProcess(process.execPath, script(body), {}));
  await expect(peer.sgemm()).rejects.toThrow('Keras: no memory');
  expect(peer.ended).toBe(false);
  await expect(peer.run(1, 1)).rejects.toThrow(/ended with code 3: out of luck/);
  expect(peer.ended).toBe(true);
});

test('a program that is not there is an error, not a wait', async () => {
  await expect(startProcess('/no/such/program', [], {})).rejects.toThrow(/did not start/);
});
