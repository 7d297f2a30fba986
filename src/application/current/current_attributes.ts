import { currentExecution, currentValues, whenExecutionsEnd, withExecution } from '../../context/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { addReset, type CurrentCallback, reportReset, resetWithCallbacks } from './current_resets.ts'
import { CurrentScope } from './current_scope.ts'
import { InvalidCurrentAttribute, UnknownCurrentAttribute } from '../errors.ts'

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
  'resets',
  'beforeReset',
  'afterReset',
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
    const defaults = defaultsOf.get(this) ?? new Map(declaredIn(Object.getPrototypeOf(this) as object))
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

  /** Does something before each reset, which sees the values: at the end of each request, job or message that used this class, and with `reset`. */
  static beforeReset<C extends typeof CurrentAttributes>(this: C, ...callbacks: readonly CurrentCallback<C>[]): void {
    addReset(this, 'before', callbacks)
    whenExecutionsEnd(resetCurrent)
  }

  /** Does something after each reset; what was declared last is done first.
   * @param callbacks functions, or names of static methods. They are not awaited
   * @example static { this.resets(() => { clock.zone = undefined }) }
   */
  static resets<C extends typeof CurrentAttributes>(this: C, ...callbacks: readonly CurrentCallback<C>[]): void {
    addReset(this, 'after', callbacks)
    whenExecutionsEnd(resetCurrent)
  }

  /** Rails' other name of {@link resets}. */
  static afterReset<C extends typeof CurrentAttributes>(this: C, ...callbacks: readonly CurrentCallback<C>[]): void {
    this.resets(...callbacks)
  }

  /** The attributes that have been set, by name. */
  static get attributes(): Record<string, unknown> {
    const names = [...declaredIn(this).keys()]
    return Object.fromEntries(names.map((name) => [name, this.readAttribute(name)]).filter(([, value]) => value !== undefined))
  }

  /** The value of an attribute, past an accessor of the class. */
  static readAttribute(name: string): unknown {
    return scopeOf(this).read(name)
  }

  /** Sets an attribute, past an accessor of the class.
   * @throws UnknownCurrentAttribute (REGAUGE_UNKNOWN_CURRENT_ATTRIBUTE) for one that wasn't declared
   * @example static set session(session: Session | undefined) { this.writeAttribute('session', session); this.user = session?.user }
   */
  static writeAttribute(name: string, value: unknown): void {
    if (!declaredIn(this).has(name)) throw unknown(this, name)
    scopeOf(this).write(name, value)
  }

  /** Sets attributes for as long as `work` takes, through their setters, and for what it calls only: what runs beside it sees its own.
   * What a setter wrote beside is as before, too, afterwards.
   * @returns what `work` returns
   * @throws UnknownCurrentAttribute (REGAUGE_UNKNOWN_CURRENT_ATTRIBUTE)
   * @example await Current.with({ account }, () => account.closeBooks())
   */
  static with<C extends typeof CurrentAttributes, T>(
    this: C,
    values: Partial<Omit<C, keyof typeof CurrentAttributes>>,
    work: (current: C) => T,
  ): T {
    const names = Object.keys(values)
    for (const name of names) if (!isWritable(this, name)) throw unknown(this, name)
    const scope = scopeOf(this).below(names)
    const currentWithin = new Map(currentExecution()?.currentWithin).set(this, scope)
    return withExecution({ currentWithin }, () => {
      scope.keepAll(() => Object.assign(this, values))
      return work(this)
    })
  }

  /** Rails' other name of {@link with}. */
  static set<C extends typeof CurrentAttributes, T>(
    this: C,
    values: Partial<Omit<C, keyof typeof CurrentAttributes>>,
    work: (current: C) => T,
  ): T {
    return this.with(values, work)
  }

  /** Forgets all values. */
  static reset(): void {
    resetWithCallbacks(this, () => scopeOf(this).clear())
  }

  /** Forgets the values of all classes, as between two tests. Fails when it has done so for all, if anything that was declared around it failed. */
  static resetAll(): void {
    const failures: unknown[] = []
    resetEach((error) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
}

// What nobody declared would be a field of the class, which all requests have in common.
Object.setPrototypeOf(
  CurrentAttributes,
  new Proxy(Object.create(Function.prototype) as object, {
    set(_, name, __, owner): boolean {
      throw unknown(owner as Class, String(name))
    },
  }),
)

type Class = typeof CurrentAttributes

function resetCurrent(): void {
  resetEach(reportReset)
}

function resetEach(failed: (error: unknown) => void): void {
  const values = currentValues()
  for (const used of [...values.keys()] as Class[])
    try {
      used.reset()
    } catch (error) {
      failed(error)
    } finally {
      values.delete(used)
    }
}

/** The values of a class where we are. */
function scopeOf(of: Class): CurrentScope {
  const within = currentExecution()?.currentWithin?.get(of)
  if (within instanceof CurrentScope) return within
  const values = currentValues()
  const found = values.get(of)
  if (found instanceof CurrentScope) return found
  const scope = new CurrentScope(of, declaredIn(of))
  values.set(of, scope)
  return scope
}

/** The defaults of a class's attributes by name; those of the class above where it declares none. */
function declaredIn(of: object | null): ReadonlyMap<string, unknown> {
  if (of === null) return new Map()
  return defaultsOf.get(of) ?? declaredIn(Object.getPrototypeOf(of) as object | null)
}

function isWritable(of: Class, name: string): boolean {
  if (declaredIn(of).has(name)) return true
  for (let owner: object = of; owner !== CurrentAttributes; owner = Object.getPrototypeOf(owner) as object)
    if (Object.getOwnPropertyDescriptor(owner, name)?.set !== undefined) return true
  return false
}

function unknown(of: Class, attribute: string): UnknownCurrentAttribute {
  return new UnknownCurrentAttribute({ class: of.name, attribute, suggestion: didYouMean(attribute, [...declaredIn(of).keys()]) })
}

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
