import { expect, test } from 'vitest';
import { cudaRequirements } from './cuda-wheels.ts';
import { chooseDistribution, type Machine } from './distribution.ts';
import { announcedBytes } from './download.ts';

const linux: Machine = { platform: 'linux', arch: 'x64', glibc: '2.36', gpu: null };

test.each([
  [linux, 'tensorflow-cpu', 'manylinux_2_27_x86_64'],
  [{ ...linux, arch: 'arm64' }, 'tensorflow', 'manylinux_2_27_aarch64'],
  [{ ...linux, gpu: 'NVIDIA A100' }, 'tensorflow', 'manylinux_2_27_x86_64'],
  [{ platform: 'darwin', arch: 'arm64', glibc: null, gpu: null }, 'tensorflow', 'macosx_12_0_arm64'],
] satisfies [Machine, string, string][])('%o takes %s for %s', (machine, name, tag) => {
  const choice = chooseDistribution(machine);
  expect(choice).toMatchObject({ ok: true, distribution: { requirement: expect.stringMatching(new RegExp(`^${name}==`)) } });
  expect(choice.ok && choice.distribution.pipOptions).toContain(tag);
});

test('a GPU and a CPU runtime do not share a folder', () => {
  const keys = [linux, { ...linux, gpu: 'NVIDIA A100' }].map((machine) => {
    const choice = chooseDistribution(machine);
    return choice.ok ? choice.distribution.key : '';
  });
  expect(new Set(keys).size).toBe(2);
});

test.each([
  [{ ...linux, glibc: null }, 'glibc'],
  [{ ...linux, glibc: '2.17' }, 'not published'],
  [{ ...linux, arch: 'riscv64' }, 'riscv64'],
  [{ platform: 'win32', arch: 'x64', glibc: null, gpu: null }, 'Windows'],
  [{ platform: 'darwin', arch: 'x64', glibc: null, gpu: null }, 'darwin x64'],
] satisfies [Machine, string][])('%o is told why there is none: %s', (machine, word) => {
  const choice = chooseDistribution(machine);
  expect(choice.ok).toBe(false);
  expect(choice.ok ? '' : choice.reason).toContain(word);
});

test("NVIDIA's packages are read from the wheel's metadata", () => {
  const metadata = [
    'Requires-Dist: numpy>=1.26.0',
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    'Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == "and-cuda"',
    'Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; (sys_platform != "win32") and extra == "gcs-filesystem"',
  ].join('\n');
  expect(cudaRequirements(metadata)).toEqual(['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12<10.0,>=9.3.0.75']);
});

test("the size is read from pip's announcement", () => {
  expect(announcedBytes('  Downloading tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl (274.0 MB)')).toBe(274e6);
  expect(announcedBytes('Collecting tensorflow-cpu==2.21.0')).toBeNull();
});
