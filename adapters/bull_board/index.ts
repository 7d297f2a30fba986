export { type BullBoardOptions, bullBoard } from './board.ts'
export { BullBoardMissing } from './errors.ts'
