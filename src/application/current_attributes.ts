import { currentValues, withExecution } from '../context/index.ts'
import { CurrentScope } from './current_scope.ts'
import { InvalidCurrentAttribute } from './errors.ts'

/** How attributes begin. */
export interface CurrentAttributeOptions {
  /** The value until one is set, or what a function answers. Lists and plain objects are copied for each request or job. */
  readonly default?: unknown
}

const defaultsOf = new WeakMap<object, Map<string, unknown>>()
const taken = [
  'attribute',
  'attributes',
  'set',
  'with',
  'reset',
  'resetAll',
  'readAttribute',
  'writeAttribute',
  'name',
  'length',
  'prototype',
]

/** Values of the request, job or message that is being worked on, within reach of everything that it calls, across every `await`, and gone with it.
 *
 * Outside of any, as in a console, they belong to the process.
 * @example
 * export class Current extends CurrentAttributes {
 *   static { this.attribute('account', 'user') }
 *   declare static account: Account | undefined
 *   declare static user: User | undefined
 * }
 */
export abstract class CurrentAttributes {
  /** Declares attributes. A `static set user(value)` that the class has of its own is kept; it stores with `writeAttribute`.
   * @throws InvalidCurrentAttribute (REGAUGE_INVALID_CURRENT_ATTRIBUTE) for the name of something else
   * @example static { this.attribute('user', 'account') }
   * @example static { this.attribute('notices', { default: [] }) }
   */
  static attribute(...args: readonly (string | CurrentAttributeOptions)[]): void {
    const options = args.find((arg) => typeof arg === 'object')
    const defaults = defaultsOf.get(this) ?? new Map(defaultsOf.get(Object.getPrototypeOf(this) as object))
    defaultsOf.set(this, defaults)
    for (const name of args) {
      if (typeof name !== 'string') continue
      if (taken.includes(name)) throw new InvalidCurrentAttribute({ class: this.name, attribute: name })
      defaults.set(name, options?.default)
      const own = Object.getOwnPropertyDescriptor(this, name)
      Object.defineProperty(this, name, {
        get: own?.get ?? reading(name),
        set: own?.set ?? writing(name),
        enumerable: true,
        configurable: true,
      })
    }
  }

  /** The attributes that have been set, by name. */
  static get attributes(): Record<string, unknown> {
    const names = [...(defaultsOf.get(this)?.keys() ?? [])]
    return Object.fromEntries(names.map((name) => [name, this.readAttribute(name)]).filter(([, value]) => value !== undefined))
  }

  /** The value of an attribute, past an accessor of the class. */
  static readAttribute(name: string): unknown {
    return this.scope().read(name)
  }

  /** Sets an attribute, past an accessor of the class.
   * @example static set session(session: Session | undefined) { this.writeAttribute('session', session); this.user = session?.user }
   */
  static writeAttribute(name: string, value: unknown): void {
    this.scope().write(name, value)
  }

  /** Sets attributes for as long as `work` takes, and for what it calls only: what runs beside it sees its own.
   * @returns what `work` returns
   * @example await Current.with({ account }, () => account.closeBooks())
   */
  static with<C extends typeof CurrentAttributes, T>(this: C, values: Partial<Omit<C, keyof typeof CurrentAttributes>>, work: () => T): T {
    const current = new Map(currentValues())
    current.set(this, this.scope().below(Object.keys(values)))
    return withExecution({ current }, () => {
      Object.assign(this, values)
      return work()
    })
  }

  /** Rails' other name of {@link with}. */
  static set<C extends typeof CurrentAttributes, T>(this: C, values: Partial<Omit<C, keyof typeof CurrentAttributes>>, work: () => T): T {
    return this.with(values, work)
  }

  /** Forgets all values. */
  static reset(): void {
    this.scope().clear()
  }

  /** Forgets the values of all classes, as between two tests. */
  static resetAll(): void {
    for (const scope of currentValues().values()) if (scope instanceof CurrentScope) scope.clear()
  }

  private static scope(): CurrentScope {
    const values = currentValues()
    const found = values.get(this)
    if (found instanceof CurrentScope) return found
    const scope = new CurrentScope(defaultsOf.get(this) ?? new Map())
    values.set(this, scope)
    return scope
  }
}

type Class = typeof CurrentAttributes

/** Reads for the class that is asked, which may be one below that which declares it. */
function reading(name: string) {
  return function (this: Class): unknown {
    return this.readAttribute(name)
  }
}

function writing(name: string) {
  return function (this: Class, value: unknown): void {
    this.writeAttribute(name, value)
  }
}
