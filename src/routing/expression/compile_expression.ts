import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp'
import { CharacterSet } from './character_set.ts'
import { type Instruction, operation, type Program } from './program.ts'

/** An expression whose counted repetitions make more instructions than this isn't compiled. */
const mostInstructions = 10_000

/** Classes in which nothing leads out of ASCII. */
const asciiOnly = /^(?:\\[dw]|\[(?!\^)(?:\\[dw\-./]|[ -Z_-~])+\])$/

interface Flags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
}

interface Place {
  readonly flags: Flags
  readonly isBackward: boolean
  readonly isLooped: boolean
}

/** Compiles an expression into a program that {@link runProgram} follows.
 * @returns null when it has the flag v, or its counted repetitions are too large to be written out
 * @see https://swtch.com/~rsc/regexp/regexp2.html for programs of forks
 */
export function compileExpression(expression: RegExp): Program | null {
  return expression.flags.includes('v') ? null : new Compiler(expression).compile()
}

class Compiler {
  readonly #expression: RegExp
  readonly #instructions: Instruction[] = []
  readonly #captures = new Map<AST.CapturingGroup, number>()
  #registers = 0
  #isRegular = true

  constructor(expression: RegExp) {
    this.#expression = expression
  }

  compile(): Program | null {
    const { source, unicode, ignoreCase, multiline, dotAll } = this.#expression
    const pattern = new RegExpParser().parsePattern(source, 0, source.length, { unicode })
    visitRegExpAST(pattern, { onCapturingGroupEnter: (group) => void this.#captures.set(group, this.#captures.size + 1) })
    const captures = this.#captures.size + 1
    this.#registers = captures * 2
    const place: Place = { flags: { ignoreCase, multiline, dotAll }, isBackward: false, isLooped: false }
    this.#save(0)
    this.#alternatives(pattern.alternatives, place)
    this.#save(1)
    this.#add(operation.match)
    if (this.#isTooLarge) return null
    return {
      instructions: this.#instructions,
      captures,
      registers: this.#registers,
      isUnicode: unicode,
      ignoresCase: ignoreCase,
      isRegular: this.#isRegular,
      word: this.#set('\\w', place.flags),
    }
  }

  get #isTooLarge(): boolean {
    return this.#instructions.length > mostInstructions
  }

  #alternatives(alternatives: readonly AST.Alternative[], place: Place): void {
    const exits: Instruction[] = []
    for (const [index, { elements }] of alternatives.entries()) {
      const fork = index < alternatives.length - 1 ? this.#fork(true) : undefined
      for (const element of place.isBackward ? elements.toReversed() : elements) this.#element(element, place)
      if (fork === undefined) continue
      exits.push(this.#add(operation.jump))
      fork.other = this.#here
    }
    for (const exit of exits) exit.next = this.#here
  }

  #element(element: AST.Element, place: Place): void {
    if (this.#isTooLarge) return
    switch (element.type) {
      case 'Quantifier':
        this.#quantifier(element, place)
        break
      case 'Group':
        this.#alternatives(element.alternatives, { ...place, flags: withModifiers(place.flags, element.modifiers) })
        break
      case 'CapturingGroup':
        this.#capture(this.#captures.get(element)!, element.alternatives, place)
        break
      case 'Assertion':
        this.#assertion(element, place)
        break
      case 'Backreference': {
        this.#isRegular = false
        const groups = [element.resolved].flat().map((group) => this.#captures.get(group)!)
        this.#add(operation.repeat, { groups, isBackward: place.isBackward })
        break
      }
      default:
        this.#add(operation.character, {
          set: this.#characters(element, place.flags),
          isBackward: place.isBackward,
          isLooped: place.isLooped,
        })
    }
  }

  #capture(number: number, alternatives: readonly AST.Alternative[], place: Place): void {
    this.#save(number * 2 + (place.isBackward ? 1 : 0))
    this.#alternatives(alternatives, place)
    this.#save(number * 2 + (place.isBackward ? 0 : 1))
  }

  #quantifier({ min, max, greedy, element }: AST.Quantifier, place: Place): void {
    const isCharacter = ['Character', 'CharacterSet', 'CharacterClass'].includes(element.type)
    for (let i = 0; i < min && !this.#isTooLarge; i++) this.#repetition(element, place)
    if (max === Number.POSITIVE_INFINITY) {
      const fork = this.#fork(greedy)
      const start = this.#here - 1
      this.#repetition(element, { ...place, isLooped: place.isLooped || !isCharacter }, !isCharacter)
      this.#add(operation.jump, { next: start })
      this.#leave(fork, greedy)
      return
    }
    const forks: Instruction[] = []
    for (let i = min; i < max && !this.#isTooLarge; i++) {
      forks.push(this.#fork(greedy))
      this.#repetition(element, place, !isCharacter)
    }
    for (const fork of forks) this.#leave(fork, greedy)
  }

  /** One time of a repetition. Where it isn't asked for, it must not be empty. */
  #repetition(element: AST.QuantifiableElement, place: Place, mustMove = false): void {
    const inside: number[] = []
    visitRegExpAST(element, { onCapturingGroupEnter: (group) => void inside.push(this.#captures.get(group)!) })
    if (inside.length > 0) this.#add(operation.forget, { register: Math.min(...inside) * 2, end: Math.max(...inside) * 2 + 2 })
    const register = mustMove ? this.#registers++ : 0
    if (mustMove) this.#save(register)
    this.#element(element, place)
    if (mustMove) this.#add(operation.moved, { register })
  }

  #assertion(element: AST.Assertion, place: Place): void {
    switch (element.kind) {
      case 'start':
        this.#add(place.flags.multiline ? operation.lineStart : operation.start)
        break
      case 'end':
        this.#add(place.flags.multiline ? operation.lineEnd : operation.end)
        break
      case 'word':
        this.#add(element.negate ? operation.noWordEdge : operation.wordEdge)
        break
      default: {
        this.#isRegular = false
        const look = this.#add(operation.look, { isNegated: element.negate })
        look.other = this.#here
        this.#alternatives(element.alternatives, { ...place, isBackward: element.kind === 'lookbehind' })
        this.#add(operation.match)
        look.next = this.#here
      }
    }
  }

  #characters(element: AST.Character | AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass, flags: Flags): CharacterSet {
    if (element.type !== 'Character') return this.#set(element.raw, flags)
    if (!flags.ignoreCase) return remembered(String(element.value), () => CharacterSet.only(element.value))
    // What a person wrote may mean something else when it stands alone, so the character is written anew.
    const hex = element.value.toString(16)
    return this.#set(this.#expression.unicode ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`, flags)
  }

  #set(source: string, { ignoreCase, dotAll }: Flags): CharacterSet {
    const { unicode } = this.#expression
    const flags = `${ignoreCase ? 'i' : ''}${dotAll ? 's' : ''}${unicode ? 'u' : ''}`
    const staysWithin = !(unicode && ignoreCase) && asciiOnly.test(source)
    return remembered(`${flags} ${source}`, () => CharacterSet.of(source, flags, !staysWithin))
  }

  get #here(): number {
    return this.#instructions.length
  }

  /** A choice between going on with what follows, which `greedy` prefers, and leaving it. */
  #fork(greedy: boolean): Instruction {
    const next = this.#here + 1
    return greedy ? this.#add(operation.fork) : this.#add(operation.fork, { other: next })
  }

  #leave(fork: Instruction, greedy: boolean): void {
    if (greedy) fork.other = this.#here
    else fork.next = this.#here
  }

  #save(register: number): void {
    this.#add(operation.save, { register })
  }

  #add(code: number, fields: Partial<Instruction> = {}): Instruction {
    const instruction: Instruction = {
      operation: code,
      next: fields.next ?? this.#here + 1,
      other: fields.other ?? 0,
      set: fields.set ?? null,
      register: fields.register ?? 0,
      end: fields.end ?? 0,
      groups: fields.groups ?? [],
      isBackward: fields.isBackward ?? false,
      isNegated: fields.isNegated ?? false,
      isLooped: fields.isLooped ?? false,
    }
    this.#instructions.push(instruction)
    return instruction
  }
}

function withModifiers(flags: Flags, modifiers: AST.Modifiers | null): Flags {
  if (modifiers === null) return flags
  const { add, remove } = modifiers
  const changed = (name: keyof Flags) => (flags[name] || Boolean(add?.[name])) && !remove?.[name]
  return { ignoreCase: changed('ignoreCase'), multiline: changed('multiline'), dotAll: changed('dotAll') }
}

const sets = new Map<string, CharacterSet>()

function remembered(key: string, make: () => CharacterSet): CharacterSet {
  const known = sets.get(key)
  if (known !== undefined) return known
  const made = make()
  if (sets.size < 1000) sets.set(key, made)
  return made
}
