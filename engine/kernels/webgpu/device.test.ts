import { expect, it } from 'vitest';
import { groupsOf } from './device.tf.ts';

it('starts enough threads, in dimensions that every adapter takes', () => {
  for (const threads of [1, 32, 33, 65535 * 32, 65535 * 32 + 1, 10_000_000]) {
    const [x, y, z] = groupsOf(threads);
    expect(x * y * z * 32).toBeGreaterThanOrEqual(threads);
    expect(Math.max(x, y, z)).toBeLessThanOrEqual(65535);
    expect(x * y * z * 32 - threads).toBeLessThan(32 * y + 32);
  }
});
