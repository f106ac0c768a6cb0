import { z } from 'zod';

export const exportFormat = z.enum(['pytorch', 'onnx']);
export type ExportFormat = z.infer<typeof exportFormat>;

const toFolder = {
  params: z.strictObject({ run: z.string(), directory: z.string().min(1).max(4096), overwrite: z.boolean().default(false) }),
  result: z.strictObject({
    directory: z.string(),
    files: z.array(z.strictObject({ name: z.string(), bytes: z.number().int() })),
  }),
};

export const exportMethods = {
  'export.pytorch': toFolder,
  'export.onnx': toFolder,
  /** What there is to read, for a look before exporting: the code, or the ONNX graph as text. */
  'export.preview': {
    params: z.strictObject({ run: z.string(), format: exportFormat.default('pytorch') }),
    result: z.strictObject({ files: z.array(z.strictObject({ name: z.string(), text: z.string() })) }),
  },
} as const;
