import type { CharacterSet } from './character_set.ts'

/** What one instruction of a program does. */
export const operation = {
  /** Takes a character of `set`. */
  character: 0,
  /** Goes on at `next`, and at `other` if that fails. */
  fork: 1,
  /** Goes on at `next`. */
  jump: 2,
  /** Notes the position in `register`. */
  save: 3,
  /** Fails unless the position has moved on since it was noted in `register`: a repetition of nothing is none. */
  moved: 4,
  /** Forgets the registers from `register` up to `end`: what groups captured in the repetition before. */
  forget: 5,
  start: 6,
  end: 7,
  lineStart: 8,
  lineEnd: 9,
  wordEdge: 10,
  noWordEdge: 11,
  /** Asks whether the program from `other` on fits here (`isNegated`: doesn't), and goes on at `next`. */
  look: 12,
  /** Takes what one of `groups` captured once more. */
  repeat: 13,
  match: 14,
} as const

/** One step of a program. All have all fields, since that is quicker to read. */
export interface Instruction {
  readonly operation: number
  next: number
  other: number
  readonly set: CharacterSet | null
  readonly register: number
  readonly end: number
  readonly groups: readonly number[]
  readonly isBackward: boolean
  readonly isNegated: boolean
  /** Whether it stands in a repetition without end that has other instructions in it too. */
  readonly isLooped: boolean
}

/** An expression as instructions. */
export interface Program {
  readonly instructions: readonly Instruction[]
  /** How many captures there are, the whole match being the first, and how many registers: two for each, and those of repetitions. */
  readonly captures: number
  readonly registers: number
  /** Whether characters are code points rather than code units. */
  readonly isUnicode: boolean
  readonly ignoresCase: boolean
  /** Whether what fits from a place on depends on the place alone, and not on how it was reached. */
  readonly isRegular: boolean
  readonly word: CharacterSet
}
