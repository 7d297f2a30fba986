import type { Logger } from '../../logging/index.ts'
import type { Damage } from './recovery.ts'

/** Tells the logger which parts of a journal couldn't be read.
 * @param what whose journal it is: 'job' */
export function reportDamages(what: string, damages: readonly Damage[], directory: string, logger: Pick<Logger, 'warn' | 'error'>): void {
  for (const { file, offset, bytes, isTail, isUnwritten, quarantine } of damages) {
    if (isTail)
      logger.warn(`The end of the ${what} journal was torn by a crash; it was never acknowledged and is dropped`, {
        directory,
        file,
        offset,
        bytes,
      })
    else if (isUnwritten)
      logger.warn(`A part of the ${what} journal was not written before a crash; it was never acknowledged and is skipped`, {
        directory,
        file,
        offset,
        bytes,
        quarantine,
      })
    else logger.error(`A part of the ${what} journal is corrupt; it was skipped and saved`, { directory, file, offset, bytes, quarantine })
  }
}
