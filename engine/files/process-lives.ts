import { errorCode } from './error-code.ts';

/** Whether there is a process of this number on this machine, of whatever user. */
export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    return errorCode(error) === 'EPERM';
  }
}
