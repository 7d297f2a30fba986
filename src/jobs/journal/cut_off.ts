import fs from 'node:fs'

/** Shortens a file to what counts in it: half a batch that could not be written, or all of it, may be behind. Whoever waited for that is told that it isn't
 * stored, and adds it again: it must not be there after a loss of power, which may undo what isn't synced. That takes a while, and happens only when a write
 * has failed.
 *
 * @param isForGood whether it is to outlive a loss of power
 * @returns false when it couldn't be
 */
export function cutOff(file: number, bytes: number, isForGood: boolean): boolean {
  try {
    fs.ftruncateSync(file, bytes)
    if (isForGood) fs.fsyncSync(file)
    return true
  } catch {
    return false
  }
}
