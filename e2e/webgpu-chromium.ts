import config from './playwright.config.ts';

/** Chromium with WebGPU, in software where there is no GPU. */
export const webgpuChromium = {
  ...config.use?.launchOptions,
  args: [
    ...(config.use?.launchOptions?.args ?? []),
    '--enable-unsafe-webgpu',
    '--enable-features=Vulkan',
    '--use-webgpu-adapter=swiftshader',
  ],
};
