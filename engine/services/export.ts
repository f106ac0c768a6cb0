import { resolve } from 'node:path';
import { activateBest } from '../backends/choose.tf.ts';
import { Model } from '../compile/materialize.tf.ts';
import { exportOnnx, onnxPreview } from '../export/onnx/export.ts';
import { codeFiles, exportPytorch, type TrainedModel } from '../export/pytorch/export.ts';
import { computeGoldens } from '../export/pytorch/goldens.tf.ts';
import { type WrittenFolder, writeFolder } from '../export/write-folder.ts';
import { bringExport } from '../machines/send-files.ts';
import type { RunManager } from '../manage/run-manager.ts';
import type { RunModels } from '../manage/run-models.ts';
import type { ExportFormat } from '../protocol/export.ts';
import { requireChosenFolder } from './chosen-folder.ts';
import type { EngineContext, Service } from './context.ts';

/** The files of an export, made here. */
export function exportMaker(
  runs: RunManager,
  models: RunModels,
): (run: string, format: ExportFormat) => Promise<ReadonlyMap<string, Uint8Array | string>> {
  return async (run, format) => {
    const { document, plan, encoding, weights } = await models.load(run);
    // A run that trains has chosen the device; changing it under the run would move its tensors.
    if (!runs.isTraining) await activateBest();
    const model = new Model(plan, weights);
    try {
      const goldens = await computeGoldens(model, encoding);
      const trained: TrainedModel = { document, plan, encoding, parameters: weights, goldens };
      return format === 'onnx' ? exportOnnx(trained) : exportPytorch(trained);
    } finally {
      model.dispose();
    }
  };
}

/**
 * Leaving with PyTorch code and weights, or with ONNX. The folder is one of this machine, also where the run lies on another.
 *
 * @param make the files of an export
 */
export function exportService(
  models: RunModels,
  context: EngineContext,
  make: ReturnType<typeof exportMaker>,
): Service<'export'> {
  const write =
    (format: ExportFormat) =>
    async ({ run, directory, overwrite }: { run: string; directory: string; overwrite: boolean }): Promise<WrittenFolder> => {
      await requireChosenFolder(context, resolve(directory), 'export');
      const { machines } = context;
      const files = machines?.isThere ? await bringExport(machines, run, format) : await make(run, format);
      return writeFolder(directory, files, { overwrite });
    };
  return {
    'export.pytorch': write('pytorch'),
    'export.onnx': write('onnx'),
    'export.preview': async ({ run, format }) => {
      const { document, plan, encoding, weights } = await models.load(run);
      const files =
        format === 'onnx' ? onnxPreview({ plan, parameters: weights, encoding }) : codeFiles({ document, plan, encoding });
      return { files: [...files].map(([name, text]) => ({ name, text })) };
    },
  };
}
