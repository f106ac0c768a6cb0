import { resolve } from 'node:path';
import { activateBest } from '../backends/choose.tf.ts';
import { Model } from '../compile/materialize.tf.ts';
import { exportOnnx, onnxPreview } from '../export/onnx/export.ts';
import { codeFiles, exportPytorch, type TrainedModel } from '../export/pytorch/export.ts';
import { computeGoldens } from '../export/pytorch/goldens.tf.ts';
import { type WrittenFolder, writeFolder } from '../export/write-folder.ts';
import type { RunManager } from '../manage/run-manager.ts';
import type { RunModels } from '../manage/run-models.ts';
import { requireChosenFolder } from './chosen-folder.ts';
import type { EngineContext, Service } from './context.ts';

type Files = ReadonlyMap<string, Uint8Array | string>;

/** Leaving with PyTorch code and weights, or with ONNX. */
export function exportService(runs: RunManager, models: RunModels, context: EngineContext): Service<'export'> {
  const write =
    (make: (model: TrainedModel) => Files) =>
    async ({ run, directory, overwrite }: { run: string; directory: string; overwrite: boolean }): Promise<WrittenFolder> => {
      await requireChosenFolder(context, resolve(directory), 'export');
      const { document, plan, encoding, weights } = await models.load(run);
      // A run that trains has chosen the device; changing it under the run would move its tensors.
      if (!runs.isTraining) await activateBest();
      const model = new Model(plan, weights);
      try {
        const goldens = await computeGoldens(model, encoding);
        const files = make({ document, plan, encoding, parameters: weights, goldens });
        return await writeFolder(directory, files, { overwrite });
      } finally {
        model.dispose();
      }
    };
  return {
    'export.pytorch': write(exportPytorch),
    'export.onnx': write(exportOnnx),
    'export.preview': async ({ run, format }) => {
      const { document, plan, encoding, weights } = await models.load(run);
      const files =
        format === 'onnx' ? onnxPreview({ plan, parameters: weights, encoding }) : codeFiles({ document, plan, encoding });
      return { files: [...files].map(([name, text]) => ({ name, text })) };
    },
  };
}
