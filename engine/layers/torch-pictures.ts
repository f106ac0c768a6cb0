import { pictureSize } from './picture-size.ts';
import type { TorchLayer } from './torch.ts';

/** Pictures `[N, c, h, w]` out of numbers that stand row by row, pixel by pixel. */
export function picturesTorch(port: string, numbers: string): TorchLayer<unknown> {
  return {
    modules: () => [],
    forward: (node, scope) => {
      const { height, width, channels } = pictureSize(node.outputTypes[port]);
      const view = `${numbers}.reshape(-1, ${height}, ${width}, ${channels})`;
      return {
        lines: [`${scope.output} = ${view}.permute(0, 3, 1, 2)  # [N, ${channels}, ${height}, ${width}]`],
        outputs: { [port]: scope.output },
        functions: [],
      };
    },
  };
}
