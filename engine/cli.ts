import { run } from './cli/program.ts';

// A terminal that was closed, or a reader that has read enough: a run is still trained and saved to its end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.exitCode = await run(process.argv.slice(2));
