import { activateBest } from '../backends/choose.tf.ts';
import { Model } from '../compile/materialize.tf.ts';
import { codeFiles, exportPytorch } from '../export/pytorch/export.ts';
import { computeGoldens } from '../export/pytorch/goldens.tf.ts';
import { writeFolder } from '../export/write-folder.ts';
import type { RunModels } from '../predict/run-models.ts';
import type { RunManager } from '../training/run-manager.ts';
import type { Service } from './context.ts';

/** Leaving with PyTorch code and weights. */
export function exportService(runs: RunManager, models: RunModels): Service<'export'> {
  return {
    'export.pytorch': async ({ run, directory, overwrite }) => {
      const { document, plan, encoding, weights } = await models.load(run);
      // A run that trains has chosen the device; changing it under the run would move its tensors.
      if (!runs.isTraining) await activateBest();
      const model = new Model(plan, weights);
      try {
        const goldens = await computeGoldens(model, encoding);
        const files = exportPytorch({ document, plan, encoding, parameters: weights, goldens });
        return await writeFolder(directory, files, { overwrite });
      } finally {
        model.dispose();
      }
    },
    'export.preview': async ({ run }) => {
      const { document, plan } = await models.load(run);
      return { files: [...codeFiles({ document, plan })].map(([name, text]) => ({ name, text })) };
    },
  };
}
