import { commonType, unknown, type ValueType } from '../value_types.ts'

/** What instance variables hold and what methods are given: what the last round of translating noted. */
export class KnownVariables {
  #known = new Map<string, ValueType>()
  #noted = new Map<string, ValueType>()
  readonly #given = new Map<string, ReadonlySet<string>>()
  readonly #hints = new Map<string, ValueType>()
  readonly #nulls = new Set<string>()
  readonly #initialized = new Set<string>()

  /** Null as well, where nothing says that it is assigned before it is read. */
  typeOf(owner: string, name: string, isStatic: boolean): ValueType | undefined {
    const key = keyOf(owner, name, isStatic)
    const type = this.#known.get(key)
    if (!type || type.kind === 'unknown' || this.#initialized.has(key)) return type
    return { ...type, isNullable: true, isOptional: true }
  }

  /** @param isInitial whether it is the constructor that assigns it */
  note(owner: string, name: string, isStatic: boolean, type: ValueType, isInitial = false): void {
    const key = keyOf(owner, name, isStatic)
    if (isInitial) this.#initialized.add(key)
    this.#add(key, type)
  }

  /** What a method is given for a parameter, by its place or keyword, wherever it is called. */
  argumentOf(method: string, name: string): ValueType | undefined {
    return this.#known.get(`${method}(${name})`)
  }

  /** The classes of what a method is given for a parameter; of what is no record its kind. */
  givenTo(method: string, name: string): ReadonlySet<string> {
    return this.#given.get(`${method}(${name})`) ?? new Set()
  }

  /** What a method does with a parameter, which tells what it is. */
  hintOf(method: string, name: string): ValueType | undefined {
    return this.#hints.get(`${method}(${name})`)
  }

  noteHint(method: string, name: string, type: ValueType): void {
    this.#hints.set(`${method}(${name})`, type)
  }

  /** Whether a method is given nil for a parameter. */
  isGivenNull(method: string, name: string): boolean {
    return this.#nulls.has(`${method}(${name})`)
  }

  noteArgument(method: string, name: string, type: ValueType): void {
    if (type.kind === 'null') this.#nulls.add(`${method}(${name})`)
    for (const model of type.oneOf ?? []) this.noteArgument(method, name, { kind: 'record', model })
    if (type.oneOf) return
    if (type.kind !== 'unknown' && type.kind !== 'null') {
      const key = `${method}(${name})`
      this.#given.set(key, new Set([...(this.#given.get(key) ?? []), type.kind === 'record' ? (type.model ?? '') : type.kind]))
    }
    this.#add(`${method}(${name})`, type)
  }

  /** Begins a round; answers whether the one before has found out anything new. */
  settle(): boolean {
    const noted = new Map([...this.#noted].map(([key, type]) => [key, type.kind === 'null' ? unknown : type]))
    const isNew = noted.size !== this.#known.size || [...noted].some(([key, type]) => !isSame(type, this.#known.get(key)))
    this.#known = noted
    this.#noted = new Map()
    return isNew
  }

  /** What JSON holds may be of any shape: a list where it looks like a hash. */
  #add(key: string, type: ValueType): void {
    const known = type.isLoose || type.isJson ? unknown : type
    const before = this.#noted.get(key)
    this.#noted.set(key, before ? commonType(before, known) : known)
  }
}

function keyOf(owner: string, name: string, isStatic: boolean): string {
  return `${owner}${isStatic ? '.' : '#'}${name}`
}

function isSame(left: ValueType, right: ValueType | undefined): boolean {
  return right !== undefined && left.kind === right.kind && left.model === right.model && left.element?.kind === right.element?.kind
}
