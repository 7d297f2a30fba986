import { camelize } from '../../../src/naming/index.ts'
import { isReservedWord } from '../../typescript/index.ts'
import type { RubyNode } from '../nodes.ts'
import type { RubySource } from '../source.ts'
import type { Application } from './classes/application.ts'
import type { Imports } from './imports.ts'
import { commonType, decimalClass, type Expression, isLazy, arrayOf, recordOf, unknown, type ValueType } from './value_types.ts'

/** A Ruby variable in TypeScript. */
export interface Local {
  readonly code: string
  type: ValueType
}

/** The helpers of the framework that translations import: a variable of the same name would hide them. */
const helperNames = new Set(
  'days hours minutes seconds weeks months years presence sql range logger cache application abort days'.split(' '),
)

/** What a function answers before anything is returned. */
const nothingYet: ValueType = { kind: 'null' }

/** Where a piece of Ruby is translated: what `self` is, which variables there are, and what was found out on the way. */
export class Frame {
  readonly application: Application
  readonly source: RubySource
  readonly imports: Imports
  /** The Ruby class that the code belongs to. */
  owner: string | undefined
  self: Expression
  isStatic = false
  /** Whether the function at hand awaits something. */
  isAsync = false
  /** What a bare `return` or a missing branch of a scope answers. */
  fallback: string | undefined
  /** The name of the block parameter that `yield` calls. */
  block: string | undefined
  /** Whether the method at hand asks whether it was given one. */
  mayLackBlock = false
  /** The method at hand, for `super`. */
  method: string | undefined
  /** The parameters of the method, as `super` without arguments passes them on. */
  parameters: readonly string[] = []
  /** What values are returned. */
  returns: ValueType = nothingYet
  /** Whether the method at hand answers a hash, and something else elsewhere. */
  answersDiffer = false
  /** What the current loop or block does for `next`: a statement. */
  next = 'return'
  /** What leaves the current loop with a value: it is what the function answers, or what nothing can take. */
  breaks: 'return' | undefined
  /** Inside of a block that became a function: Ruby's `return` would leave more than it. */
  isBlock = false
  /** How many `try` are around: in one, what is returned must be awaited. */
  tries = 0
  /** What is asked of others at the moment, so that none asks itself. */
  readonly delegations = new Set<object>()
  /** Names that nothing in the application explains. */
  readonly unknownNames = new Set<string>()
  /** Places where the type of a receiver had to be guessed. */
  readonly doubts = new Set<string>()
  /** What else a person should know. */
  readonly notes = new Set<string>()
  /** Pieces left as Ruby: their reasons. */
  readonly left: string[] = []
  /** Instance variables that are read or written. */
  readonly instanceVariables = new Set<string>()
  /** Types that the use of a parameter tells. */
  readonly hints = new Map<string, { type: ValueType; many: boolean }>()
  /** Parameters that are called after a class, of whose members nothing is asked: they may as well be keys. */
  readonly guessed = new Set<string>()
  /** Parameters that are compared with records. */
  readonly compared = new Set<string>()
  /** Whether the conditions at hand name what neither the schema nor the class has. */
  hasOddCondition = false
  /** The kinds of what variables are given after they were declared. */
  readonly assigned = new Map<string, ValueType['kind']>()
  /** What variables hold that are given something else than they were declared with. */
  readonly retyped = new Map<string, ValueType>()
  /** What the function at hand does before its first statement. */
  prologue: string[] = []
  #scopes: Map<string, Local>[] = [new Map()]

  constructor(application: Application, source: RubySource, imports: Imports, owner: string | undefined, self: Expression) {
    this.application = application
    this.source = source
    this.imports = imports
    this.owner = owner
    this.self = self
  }

  local(name: string): Local | undefined {
    return this.#scopes.findLast((scope) => scope.has(name))?.get(name)
  }

  /** @param isSame whether it is a variable that there is already, read in another way */
  declare(name: string, type: ValueType = unknown, wanted = localName(name), isSame = false): Local {
    const taken = new Set(this.#scopes.flatMap((scope) => [...scope.values()].map(({ code }) => code)))
    let code = wanted
    while (!isSame && taken.has(code)) code += '_'
    const local = { code, type }
    this.#scopes.at(-1)!.set(name, local)
    return local
  }

  /** Runs work with variables of its own. */
  inScope<T>(work: () => T): T {
    this.#scopes.push(new Map())
    try {
      return work()
    } finally {
      this.#scopes.pop()
    }
  }

  /** Translates a function within this one; answers whether it awaits. */
  inFunction<T>(work: () => T, self = this.self): { result: T; isAsync: boolean; returns: ValueType } {
    const { isAsync, self: outer, next, breaks, returns, fallback, isBlock } = this
    Object.assign(this, {
      isAsync: false,
      self,
      next: 'return',
      breaks: undefined,
      returns: nothingYet,
      fallback: undefined,
      isBlock: false,
    })
    try {
      const result = this.inScope(work)
      return { result, isAsync: this.isAsync, returns: this.returns }
    } finally {
      Object.assign(this, { isAsync, self: outer, next, breaks, returns, fallback, isBlock })
    }
  }

  /** Translates a loop whose value nothing takes. */
  withoutBreaks<T>(work: () => T): T {
    const { breaks } = this
    this.breaks = undefined
    try {
      return work()
    } finally {
      this.breaks = breaks
    }
  }

  returned(type: ValueType): void {
    const kinds = [this.returns.kind, type.kind]
    if (kinds.includes('duration') && kinds.includes('number')) this.answersDiffer = true
    if (kinds.includes('hash') && kinds.some((kind) => /^(array|text|number|boolean)$/.test(kind))) this.answersDiffer = true
    this.returns = this.returns === nothingYet ? type : commonType(this.returns, type)
  }

  /** The value of an expression: awaited when it is a promise, or a query that has to run. */
  value({ code, type, pending }: Expression): Expression {
    if (!pending && !isLazy(type)) return { code, type }
    this.isAsync = true
    if (type.isGrouped && isLazy(type) && / as Untyped\)/.test(code))
      return { code: `(await ${code})`, type: { ...arrayOf(recordOf(type.model)), isLoose: true } }
    if (type.isGrouped && isLazy(type) && !selectsGroups(code))
      return { code: `(await (${code} as Untyped))`, type: { ...arrayOf(recordOf(type.model)), isLoose: true } }
    const asked = /^[\w$.]+ (?:\?\?|\|\||&&)?= /.test(code) ? `(${code})` : code
    return {
      code: `(await ${asked})`,
      type: isLazy(type) ? { ...arrayOf(recordOf(type.model)), ...(type.isLoose ? { isLoose: true } : {}) } : type,
    }
  }

  /** Awaits a promise, but leaves a query a query. */
  settled(expression: Expression): Expression {
    return isLazy(expression.type) ? expression : this.value(expression)
  }

  className = (model: string): string | undefined =>
    this.application.classes.has(model) ? this.imports.classOf(model, this.application) : undefined

  /** Whether it is a module, whose records are of whatever class includes it. */
  isMixin(model: string | undefined): boolean {
    return model !== undefined && this.application.classes.get(model)?.kind !== 'class'
  }

  /** The class as a type; a module that is mixed in is none. */
  typeName = (model: string): string | undefined => {
    if (model === decimalClass) return this.imports.decimal()
    return this.application.classes.get(model)?.kind === 'class' && this.isWritten(model) ? this.className(model) : undefined
  }

  isWritten(model: string): boolean {
    const { written, classes } = this.application
    return written === undefined || written.has(classes.get(model)!.file)
  }

  lineOf(node: RubyNode): number {
    return this.source.lineOf(node)
  }
}

/** Whether a query of groups says what it reads of them: it answers records then. */
export function selectsGroups(code: string): boolean {
  return /\.select\(/.test(code.slice(Math.max(0, code.lastIndexOf('.group('))))
}

/** A Ruby variable's name in TypeScript. */
export function localName(name: string): string {
  const plain = name.replace(/^_(\d)$/, 'item$1')
  const [, front = '', rest = ''] = /^(_*)(.*)$/s.exec(plain) ?? []
  const kept = /^[a-z]/.test(rest) ? `${front && '_'}${camelize(rest, 'lower')}` : plain
  return isReservedWord(kept) || helperNames.has(kept) ? `${kept}_` : kept.replace(/[^\w$]/g, '_')
}
