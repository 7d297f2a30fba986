import { commonType, unknown, type ValueType } from './value_types.ts'

/** What instance variables hold: what the last round of translating noted. */
export class KnownVariables {
  #known = new Map<string, ValueType>()
  #noted = new Map<string, ValueType>()

  typeOf(owner: string, name: string, isStatic: boolean): ValueType | undefined {
    return this.#known.get(keyOf(owner, name, isStatic))
  }

  note(owner: string, name: string, isStatic: boolean, type: ValueType): void {
    const key = keyOf(owner, name, isStatic)
    const before = this.#noted.get(key)
    this.#noted.set(key, before ? commonType(before, type) : type)
  }

  /** Begins a round; answers whether the one before has found out anything new. */
  settle(): boolean {
    const noted = new Map([...this.#noted].map(([key, type]) => [key, type.kind === 'null' ? unknown : type]))
    const isNew = noted.size !== this.#known.size || [...noted].some(([key, type]) => !isSame(type, this.#known.get(key)))
    this.#known = noted
    this.#noted = new Map()
    return isNew
  }
}

function keyOf(owner: string, name: string, isStatic: boolean): string {
  return `${owner}${isStatic ? '.' : '#'}${name}`
}

function isSame(left: ValueType, right: ValueType | undefined): boolean {
  return right !== undefined && left.kind === right.kind && left.model === right.model && left.element?.kind === right.element?.kind
}
