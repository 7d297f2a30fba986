import { type Instruction, operation, type Program } from './program.ts'

/** How the time that the engine takes for an expression grows: with which power of the length of the text. Infinity where no power is known to be enough.
 *
 * The engine tries one way after the other. Where after each character at most one way takes the next one, all of them together take as long as
 * the text is; each place with one way more may multiply that by the length; and in a repetition of several pieces by itself, again and again.
 */
export function growthOf(program: Program): number {
  const { instructions } = program
  let growth = isAnchored(program) ? 1 : 2
  if (instructions.some((one) => one.operation === operation.repeat)) return Number.POSITIVE_INFINITY
  const starts = [{ at: 0, isLooped: false }]
  for (const [at, { operation: code, isLooped, other }] of instructions.entries()) {
    if (code === operation.character) starts.push({ at: at + 1, isLooped })
    if (code === operation.look) {
      starts.push({ at: other, isLooped: false })
      growth++
    }
  }
  for (const { at, isLooped } of starts) {
    const conflicts = countConflicts(instructions, at)
    if (conflicts > 0 && isLooped) return Number.POSITIVE_INFINITY
    growth += conflicts
  }
  return growth
}

/** How many ways on from a place take a character that another one takes, or lead where another one led. */
function countConflicts(instructions: readonly Instruction[], start: number): number {
  let conflicts = 0
  const seen = new Set<number>()
  const characters: Instruction[] = []
  const open = [start]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) {
      conflicts++
      continue
    }
    seen.add(at)
    const instruction = instructions[at]!
    if (instruction.operation === operation.character) {
      if (characters.some(({ set }) => set!.overlaps(instruction.set!))) conflicts++
      characters.push(instruction)
    } else if (instruction.operation !== operation.match) {
      open.push(instruction.next)
      if (instruction.operation === operation.fork) open.push(instruction.other)
    }
  }
  return conflicts
}

/** Whether it can only match from the start of the text on. */
function isAnchored({ instructions }: Program): boolean {
  const seen = new Set<number>()
  const open = [0]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const { operation: code, next, other } = instructions[at]!
    if (code === operation.start) continue
    if (![operation.fork, operation.jump, operation.save, operation.forget].some((one) => one === code)) return false
    open.push(next)
    if (code === operation.fork) open.push(other)
  }
  return true
}
