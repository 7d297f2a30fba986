import fs from 'node:fs'
import { QueueDirectoryUnusable } from '../errors.ts'

/** Makes the directory of a queue where there is none. @throws QueueDirectoryUnusable (REGAUGE_QUEUE_DIRECTORY) */
export function prepareDirectory(directory: string): void {
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
    fs.accessSync(directory, fs.constants.W_OK)
  } catch (error) {
    throw new QueueDirectoryUnusable({ directory, reason: (error as Error).message }, { cause: error })
  }
}
