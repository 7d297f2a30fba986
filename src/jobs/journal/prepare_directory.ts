import fs from 'node:fs'
import { dirname, resolve } from 'node:path'
import { QueueDirectoryUnusable } from '../errors.ts'
import { syncDirectory } from './segment.ts'

/** Makes the directory of a queue where there is none, so that not even a loss of power takes it away. @throws QueueDirectoryUnusable (REGAUGE_QUEUE_DIRECTORY) */
export function prepareDirectory(directory: string): void {
  try {
    const first = fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
    fs.accessSync(directory, fs.constants.W_OK)
    if (first !== undefined) syncParents(resolve(directory), dirname(resolve(first)))
  } catch (error) {
    throw new QueueDirectoryUnusable({ directory, reason: (error as Error).message }, { cause: error })
  }
}

/** What was made is an entry of the directory that it was made in. One that this user may not read can't be synced. */
function syncParents(made: string, last: string): void {
  for (let path = dirname(made); ; path = dirname(path)) {
    try {
      syncDirectory(path)
    } catch {}
    if (path === last || path === dirname(path)) return
  }
}
