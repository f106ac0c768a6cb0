// After a package is packed, before it is signed: sets every switch ("fuse") that Electron's program carries. One that a newer Electron
// adds fails the package until it is decided here.
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

export const fuses = {
  // Nothing of Unroll starts Electron as plain Node (docs/adr/0008 said why it once did, 0018 why it need not).
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // The archive must be what was packed (checked on macOS and Windows), and no folder can take its place.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // No snapshot of its own is shipped for the main process: with the fuse on it would not start.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The window is served under app:, never file:.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // Off would check each access to WebAssembly's memory in code: the same safety, slower training.
  [FuseV1Options.WasmTrapHandlers]: true,
};

const endings = { darwin: '.app', mas: '.app', win32: '.exe', linux: '' };

export default async function setFuses({ appOutDir, electronPlatformName, packager, arch }) {
  const linux = electronPlatformName === 'linux';
  const name = linux ? packager.executableName : packager.appInfo.productFilename;
  await flipFuses(join(appOutDir, `${name}${endings[electronPlatformName]}`), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Without a certificate an Apple processor asks for a signature of the program as it is now (3: electron-builder's number for arm64).
    resetAdHocDarwinSignature: electronPlatformName === 'darwin' && arch === 3,
    ...fuses,
  });
}
