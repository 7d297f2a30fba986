import type { EngineLogger } from './options.ts'
import type { RecoveredDamage } from './recovery.ts'

/** Tells the logger which parts of the journal couldn't be read. */
export function reportDamages(damages: readonly RecoveredDamage[], directory: string, logger: EngineLogger): void {
  for (const { file, offset, bytes, tail, quarantine } of damages) {
    if (tail)
      logger.warn('The end of the job journal was torn by a crash; it was never acknowledged and is dropped', {
        directory,
        file,
        offset,
        bytes,
      })
    else logger.error('A part of the job journal is corrupt; it was skipped and saved', { directory, file, offset, bytes, quarantine })
  }
}
