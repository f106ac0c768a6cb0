import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import { sweepMethod } from '../document/sweep-settings.ts';
import type { MatrixProducts } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';
import type { CheckOptions } from './check.ts';
import type { CheckedBackend } from './check-devices.ts';
import type { ClusterOptions } from './cluster.ts';
import type { DevicesOptions } from './devices.ts';
import type { InspectOptions } from './inspect.ts';
import { Interrupted } from './interruption.ts';
import { createOutput, type Output } from './output.ts';
import type { PredictOptions } from './predict.ts';
import type { ServeOptions } from './serve.ts';
import type { SweepOptions } from './sweep.ts';

/** Exit code of a command line that cannot be understood; a command that fails ends with 1. */
const wrongUsage = 2;

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return value;
};

/** `best`, `last`, or a training step. */
const weightsChoice = (text: string): InspectOptions['weights'] => {
  if (text === 'best' || text === 'last') return text;
  if (/^\d{1,12}$/.test(text)) return { step: Number(text) };
  throw new InvalidArgumentError('Expected best, last or a step.');
};

const fromZero = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 31)
    throw new InvalidArgumentError('Expected a whole number from 0.');
  return value;
};

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
};

const share = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('Expected a number above 0, at most 1.');
  return value;
};

const zeroOrMore = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number from 0.');
  return value;
};

/** A second file would silently take the place of the first. */
const once =
  (use: string) =>
  (value: string, before: string | undefined): string => {
    if (before !== undefined) throw new InvalidArgumentError(`It is given twice. Expected ${use}.`);
    return value;
  };

const collect = (value: string, all: readonly string[]): string[] => [...all, value];

const devices = ['auto', 'tensorflow', 'wasm', 'javascript'] as const;
const checkedDevices = ['tensorflow', 'wasm', 'javascript'] as const satisfies readonly CheckedBackend[];
const matrixProducts = ['float32', 'tf32', 'float16', 'bfloat16'] as const satisfies readonly MatrixProducts[];
const exportFormats = ['pytorch', 'onnx'] as const;
const splits = ['train', 'validation', 'test'] as const;
const runHelp = 'id of a run, or the path of its folder';

/** Adds where a command trains, beside this machine. @param what of its work goes there */
const onCluster = (command: Command, what: string): Command =>
  command
    .option('--on <cluster>', `${what} on a Ray cluster: ray:http://HOST:8265`)
    .option('--workers <number>', 'with --on: processes, each with its share of every batch (default 1)', wholeNumber)
    .option('--gpus <number>', 'with --on: GPUs, one for each worker', wholeNumber)
    .option('--storage <address>', 'with --on: a folder, or an address like s3://BUCKET/FOLDER, that the cluster sees too');

/**
 * Runs one command line and returns its exit code. Commands are loaded when they are called, so that `--help` is instant.
 */
export async function run(args: readonly string[]): Promise<number> {
  const output = createOutput(args.includes('--json'));
  const program = createProgram(output);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return usageResult(error, output);
    output.fail(error);
    if (error instanceof UserError && (error.failure.code === 'nothing-to-train' || error.failure.code === 'nothing-to-serve'))
      return wrongUsage;
    return error instanceof Interrupted ? error.exitCode : 1;
  }
}

/** Help and version are no errors. Commander has written its words for people already. */
function usageResult(error: CommanderError, output: Output): number {
  if (error.exitCode === 0) return 0;
  output.tell({ event: 'error', message: error.message.replace(/^error: /, ''), hint: 'See unroll --help.' });
  return wrongUsage;
}

function createProgram(output: Output): Command {
  const program = new Command('unroll');
  program
    .description('Train recurrent networks, and export them to PyTorch, from the command line.')
    .version(packageFile.version)
    .showHelpAfterError('(unroll --help shows how it is used)')
    .exitOverride()
    .configureOutput({ writeErr: (text) => void (output.json || process.stderr.write(text)) });

  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).option('--json', 'print one JSON object a line').exitOverride();

  command('templates', 'list the templates').action(async () => {
    await (await import('./templates.ts')).templatesCommand(output);
  });

  command('check <file>', 'check a document: wiring, settings and data')
    .option('--strict', 'fail on warnings too')
    .action(async (file: string, options: CheckOptions) => {
      await (await import('./check.ts')).checkCommand(output, file, options);
    });

  const train = command(
    'train [file-or-template]',
    'train a document, or a template by its name; with --from alone, that run’s own document',
  )
    .addOption(new Option('--device <name>', 'where to compute').choices(devices))
    .option('--epochs <number>', 'passes over the training split', wholeNumber)
    .option('--batch-size <number>', 'examples in a step', wholeNumber)
    .option('--learning-rate <number>', 'rate of the optimizer', positive)
    .option('--seed <number>', 'of weights, order and dropout', fromZero)
    .option('--data <files...>', 'train on this file, read as the document’s; several are read as one, in this order')
    .option('--validation <files...>', 'examples of the validation split: files like that for training')
    .option('--test <files...>', 'examples of the test split')
    .option('--split-column <name>', 'the column that says train, validation or test of each row', once('one column'))
    .option('--name <text>', 'name of the run')
    .option('--out <folder>', 'keep the run in this folder (default: with the other runs)');
  onCluster(train, 'train')
    .option('--detach', 'with --on: do not wait for the end')
    .option('--from <run>', 'start from the weights of this run, with its vocabulary and classes')
    .option('--film', 'keep the weights of its validations, so that “inspect --weights STEP” shows what was then')
    .option('--strict', 'do not train where there are warnings')
    .action(async (source: string | undefined, options: TrainOptions) => {
      await (await import('./train.ts')).trainCommand(output, source, options);
    });

  const sweep = command(
    'sweep <file-or-template>',
    'try the settings that a document varies; the same command again goes on where it was cut off',
  )
    .option('--trials <number>', 'combinations to try, at most', wholeNumber)
    .addOption(new Option('--method <name>', 'how they are chosen').choices(sweepMethod.options))
    .option('--parallel <number>', 'trainings side by side, as far as cores and memory go', wholeNumber)
    .option('--seeds <number>', 'trainings of each combination; its result is their mean', wholeNumber)
    .addOption(new Option('--device <name>', 'where to compute').choices(devices))
    .option('--epochs <number>', 'passes over the training split', wholeNumber)
    .option('--out <folder>', 'keep the sweep and its runs in this folder (default: the runs with the others)');
  onCluster(sweep, 'train the trials')
    .option('--resume', 'go on with this document’s last sweep, or fail where there is none', false)
    .addOption(new Option('--fresh', 'begin another one, even if one is unfinished').default(false).conflicts('resume'))
    .action(async (source: string, options: SweepOptions) => {
      await (await import('./sweep.ts')).sweepCommand(output, source, options);
    });

  command('resume <run>', 'continue a run from its last checkpoint')
    .addHelpText('after', `\nRUN is the ${runHelp}.`)
    .action(async (argument: string) => {
      await (await import('./train.ts')).resumeCommand(output, argument);
    });

  command('restore <run>', 'repair a damaged run from what is whole of it')
    .addHelpText('after', `\nRUN is the ${runHelp}.`)
    .action(async (argument: string) => {
      await (await import('./restore.ts')).restoreCommand(output, argument);
    });

  command('evaluate <run>', 'measure a run’s best weights on a whole split')
    .addOption(new Option('--split <name>', 'which examples').choices(splits).default('test'))
    .addHelpText('after', `\nRUN is the ${runHelp}.`)
    .action(async (argument: string, options: { split: (typeof splits)[number] }) => {
      await (await import('./evaluate.ts')).evaluateCommand(output, argument, options.split);
    });

  command('predict <run> <text>', 'ask a trained run')
    .addHelpText(
      'after',
      `\nRUN is the ${runHelp}.\nTEXT is the input; - reads it from standard input. A run on numbers takes rows of numbers: "1.5,2;1.7,3", oldest first.\nA run on recordings, pictures or videos takes the path of a file; of a video its folder.\nA language model goes on with the text; "" starts a new one.`,
    )
    .option('--beam <width>', 'sequences: search with a beam of so many hypotheses', wholeNumber)
    .option('--length-penalty <number>', 'sequences: above 0 lets a beam find longer ones (default 0.6)', zeroOrMore)
    .option('--sample', 'sequences: draw tokens by their probability')
    .option('--samples <number>', 'sequences: how many to draw', wholeNumber)
    .option('--temperature <number>', 'drawing: below 1 is safer, above 1 wilder', positive)
    .option('--top-k <number>', 'drawing: only so many of the most probable tokens', wholeNumber)
    .option('--top-p <share>', 'drawing: only the most probable tokens that together reach this share', share)
    .option('--seed <number>', 'drawing: the same seed draws the same', fromZero)
    .option('--max-tokens <number>', 'sequences: where to stop', wholeNumber)
    .action(async (argument: string, text: string, options: PredictOptions) => {
      await (await import('./predict.ts')).predictCommand(output, argument, text, options);
    });

  command('inspect <run> [text]', 'look inside a trained run: every value at every step, gradients, beam search, spectra')
    .addHelpText(
      'after',
      `\nRUN is the ${runHelp}.\nTEXT is the input, as of predict; - reads it from standard input. Without it, --split and --index choose a row of the run's data.`,
    )
    .addOption(new Option('--split <name>', 'a row of the data, with its target, instead of TEXT').choices(splits))
    .option('--index <number>', 'which row of the split, from 0 (default: 0)', fromZero)
    .option(
      '--target <what>',
      'what it should say: a class, tags or numbers between spaces, a text; the gradient is then of its loss',
    )
    .option(
      '--of <what>',
      'gradient of: loss | step | class=NAME | token=NAME (default: the loss where it is known, otherwise what it says)',
    )
    .option('--step <number>', 'the step, from 0, whose loss, class or token it is', fromZero)
    .option('--beam <width>', 'sequences: hypotheses that beam search keeps (default 5)', wholeNumber)
    .option('--length-penalty <number>', 'sequences: above 0 lets a beam find longer ones (default 0.6)', zeroOrMore)
    .option('--node <id>', 'only this node in which a cell runs')
    .option(
      '--weights <which>',
      'best, last (of the last checkpoint), or a step whose weights are kept (--film of train)',
      weightsChoice,
      'best',
    )
    .option('--out <folder>', 'write all arrays as safetensors, with an index')
    .option('--overwrite', 'replace the files of an earlier one', false)
    .action(async (argument: string, text: string | undefined, options: InspectOptions) => {
      await (await import('./inspect.ts')).inspectCommand(output, argument, text, options);
    });

  command('export <run>', 'write PyTorch code or an ONNX model, with a test that proves it')
    .requiredOption('--to <folder>', 'folder to write')
    .addOption(new Option('--format <name>', 'what to write').choices(exportFormats).default('pytorch'))
    .option('--overwrite', 'replace files of an earlier export', false)
    .addHelpText('after', `\nRUN is the ${runHelp}.`)
    .action(async (argument: string, options: { to: string; overwrite: boolean; format: (typeof exportFormats)[number] }) => {
      await (await import('./export.ts')).exportCommand(output, argument, options);
    });

  command('import <path>', 'make a run of an exported folder, or of a state dict as .safetensors')
    .option('--answer <question=answer>', 'what the weights do not say; may be repeated', collect, [])
    .option('--out <folder>', 'keep the run in this folder (default: with the other runs)')
    .option('--document <file>', 'also save the graph as a document')
    .action(async (path: string, options: { answer: string[]; out?: string; document?: string }) => {
      await (await import('./import.ts')).importCommand(output, path, options);
    });

  command('setup', 'prepare native TensorFlow for this machine')
    .option('--optuna', 'prepare Optuna instead, for sweeps', false)
    .action(async ({ optuna }: { optuna: boolean }) => {
      const setup = await import('./setup.ts');
      await (optuna ? setup.setupOptunaCommand(output) : setup.setupCommand(output));
    });

  command('devices', 'list where this machine can compute')
    .option('--check', 'start each, and print the largest errors of its gradients and kernels')
    .addOption(new Option('--device <name>', 'check this one alone').choices(checkedDevices).implies({ check: true }))
    .addOption(
      new Option(
        '--matrix-products <type>',
        'of native TensorFlow, from the next start on: tf32 and float16 on an NVIDIA GPU, bfloat16 on a processor that has it',
      ).choices(matrixProducts),
    )
    .action(async (options: DevicesOptions) => {
      await (await import('./devices.ts')).devicesCommand(output, options);
    });

  command('serve', 'the engine for a window on another machine')
    .option('--stdio', 'speak with the window over standard input and output: ssh -T HOST unroll serve --stdio')
    .option('--status', 'whether an engine runs here for such a window')
    .option('--stop', 'save what it trains, and end it')
    .addOption(new Option('--engine').hideHelp())
    .action(async (options: ServeOptions) => {
      await (await import('./serve.ts')).serveCommand(output, options);
    });

  command('install <host>', 'put this version onto another machine, over ssh').action(async (host: string) => {
    await (await import('./install.ts')).installCommand(output, host);
  });

  return program;
}

export interface TrainOptions extends ClusterOptions {
  readonly device?: (typeof devices)[number];
  readonly data?: readonly string[];
  readonly validation?: readonly string[];
  readonly test?: readonly string[];
  readonly splitColumn?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly name?: string;
  readonly out?: string;
  readonly from?: string;
  readonly film?: boolean;
  readonly strict?: boolean;
}
