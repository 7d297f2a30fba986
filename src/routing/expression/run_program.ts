import type { CharacterSet } from './character_set.ts'
import { type Instruction, operation, type Program } from './program.ts'

/** What groups captured, the whole match first, as in the answer of `RegExp.prototype.exec`. */
export type Captures = readonly (string | undefined)[]

/** A run that takes more steps than this, some hundredths of a second, gives up; one that remembers nothing does so earlier. */
const mostSteps = 1_000_000
const mostIrregularSteps = 200_000

/** Finds a match where `RegExp.prototype.exec` finds one, in time that doesn't explode.
 *
 * It tries what the engine tries, in the same order, but no choice a second time at the same position: what failed there once fails again. The
 * steps are at most as many as instructions times characters. Where that isn't so, because of look-arounds and back-references, and in a text
 * too long for the steps, the search may end undecided, and then nothing matches. Captures are the engine's too, but inside of a repetition
 * of something that may be empty.
 */
export function runProgram(program: Program, text: string): Captures | null {
  const run = new Run(program, text)
  for (let start = 0; start <= text.length; start++) {
    const isInsideOfPair = program.isUnicode && start > 0 && text.codePointAt(start - 1)! > 0xffff
    if (!isInsideOfPair && run.matchesAt(0, start)) return run.captures
  }
  return null
}

class Run {
  readonly #program: Program
  readonly #text: string
  readonly #registers: number[]
  /** The choices that were made, a bit for each instruction and position; null where a choice may turn out differently. */
  readonly #tried: Uint32Array | null
  readonly #mostSteps: number
  #steps = 0

  constructor(program: Program, text: string) {
    this.#program = program
    this.#text = text
    this.#mostSteps = program.isRegular ? mostSteps : mostIrregularSteps
    this.#registers = new Array<number>(program.registers).fill(-1)
    this.#tried = program.isRegular ? new Uint32Array((program.instructions.length * (text.length + 1)) / 32 + 1) : null
  }

  get captures(): Captures {
    return Array.from({ length: this.#program.captures }, (_, index) => {
      const [start, end] = [this.#registers[index * 2]!, this.#registers[index * 2 + 1]!]
      return start < 0 || end < 0 ? undefined : this.#text.slice(start, end)
    })
  }

  matchesAt(first: number, start: number): boolean {
    // Pairs: an instruction and a position to go back to, or a register, as a negative number, and the value to give back to it.
    const undo: number[] = []
    let at = first
    let position = start
    for (;;) {
      const instruction = this.#program.instructions[at]!
      if (++this.#steps > this.#mostSteps) return false
      if (instruction.operation === operation.match) return true
      const reached =
        instruction.operation === operation.fork ? this.#choose(instruction, at, position, undo) : this.#step(instruction, position, undo)
      if (reached >= 0) {
        position = reached
        at = instruction.next
        continue
      }
      for (;;) {
        if (undo.length === 0) return false
        position = undo.pop()!
        at = undo.pop()!
        if (at >= 0) break
        this.#registers[-at - 1] = position
      }
    }
  }

  #choose(instruction: Instruction, at: number, position: number, undo: number[]): number {
    if (this.#tried !== null) {
      const bit = at * (this.#text.length + 1) + position
      if ((this.#tried[bit >>> 5]! & (1 << (bit & 31))) !== 0) return -1
      this.#tried[bit >>> 5]! |= 1 << (bit & 31)
    }
    undo.push(instruction.other, position)
    return position
  }

  /** The position after the instruction; -1 when it fails. */
  #step(instruction: Instruction, position: number, undo: number[]): number {
    const { register } = instruction
    switch (instruction.operation) {
      case operation.character:
        return this.#takeCharacter(instruction.set!, instruction.isBackward, position)
      case operation.save:
        this.#set(register, position, undo)
        return position
      case operation.moved:
        return this.#registers[register] === position ? -1 : position
      case operation.forget:
        for (let i = register; i < instruction.end; i++) this.#set(i, -1, undo)
        return position
      case operation.look:
        return this.#look(instruction, position, undo) ? position : -1
      case operation.repeat:
        return this.#repeat(instruction, position)
      case operation.jump:
        return position
      default:
        return this.#isAtEdge(instruction.operation, position) ? position : -1
    }
  }

  #set(register: number, value: number, undo: number[]): void {
    undo.push(-register - 1, this.#registers[register]!)
    this.#registers[register] = value
  }

  #takeCharacter(set: CharacterSet, isBackward: boolean, position: number): number {
    const text = this.#text
    if (isBackward ? position === 0 : position >= text.length) return -1
    if (!this.#program.isUnicode) {
      const code = text.charCodeAt(isBackward ? position - 1 : position)
      return set.has(code) ? position + (isBackward ? -1 : 1) : -1
    }
    const isPair = isBackward && position > 1 && text.codePointAt(position - 2)! > 0xffff
    const code = text.codePointAt(isBackward ? position - (isPair ? 2 : 1) : position)!
    const length = code > 0xffff ? 2 : 1
    return set.has(code) ? position + (isBackward ? -length : length) : -1
  }

  #look({ other, isNegated }: Instruction, position: number, undo: number[]): boolean {
    const before = [...this.#registers]
    const found = this.matchesAt(other, position)
    if (this.#steps > this.#mostSteps) return false
    if (found && !isNegated) {
      for (const [register, value] of before.entries()) if (this.#registers[register] !== value) undo.push(-register - 1, value)
    } else for (const [register, value] of before.entries()) this.#registers[register] = value
    return found !== isNegated
  }

  #repeat({ groups, isBackward }: Instruction, position: number): number {
    const group = groups.find((one) => this.#registers[one * 2]! >= 0 && this.#registers[one * 2 + 1]! >= 0)
    if (group === undefined) return position
    const captured = this.#text.slice(this.#registers[group * 2], this.#registers[group * 2 + 1])
    this.#steps += captured.length
    const start = isBackward ? position - captured.length : position
    const here = start < 0 ? '' : this.#text.slice(start, start + captured.length)
    if (here !== captured && !(this.#program.ignoresCase && here.toUpperCase() === captured.toUpperCase())) return -1
    return isBackward ? start : start + captured.length
  }

  #isAtEdge(code: number, position: number): boolean {
    const text = this.#text
    if (code === operation.start) return position === 0
    if (code === operation.end) return position === text.length
    if (code === operation.lineStart) return position === 0 || isLineEnd(text.charCodeAt(position - 1))
    if (code === operation.lineEnd) return position === text.length || isLineEnd(text.charCodeAt(position))
    const isEdge = this.#isWordAt(position - 1) !== this.#isWordAt(position)
    return isEdge === (code === operation.wordEdge)
  }

  #isWordAt(position: number): boolean {
    return position >= 0 && position < this.#text.length && this.#program.word.has(this.#text.charCodeAt(position))
  }
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029
}
