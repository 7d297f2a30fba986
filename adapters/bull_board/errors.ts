import { RegaugeError } from '../../src/errors/index.ts'

/** Bull Board isn't installed, or can't be loaded. */
export class BullBoardMissing extends RegaugeError<'REGAUGE_BULL_BOARD_MISSING'> {
  static override code = 'REGAUGE_BULL_BOARD_MISSING' as const
}
