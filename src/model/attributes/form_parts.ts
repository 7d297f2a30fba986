import { InvalidArgument } from '../errors.ts'

/** Parts of a day or time as forms send them, by their places: year, month, day, hour, minute, second. */
export class FormParts {
  readonly #parts: Map<number, unknown>

  constructor(parts: Iterable<readonly [number, unknown]>) {
    this.#parts = new Map(parts)
  }

  get values(): unknown[] {
    return [...this.#parts.values()]
  }

  /** The time in UTC; null without a year, month or day.
   * @throws InvalidArgument where a place is missing, or a part is out of its range
   */
  toTime(): Date | null {
    const missing = [1, 2, 3].filter((place) => !this.#parts.has(place))
    if (missing.length > 0)
      throw new InvalidArgument({ reason: `Provided hash ${this.toString()} doesn't contain necessary keys: [${missing.join(', ')}]` })
    this.#fill([
      [4, 0],
      [5, 0],
    ])
    return this.#time()
  }

  /** The time of the day; null where there is none. */
  toTimeOfDay(): Date | null {
    this.#fill([
      [1, 2000],
      [2, 1],
      [3, 1],
      [4, 0],
      [5, 0],
    ])
    return this.#time()
  }

  /** The day; null without a year, month or day. */
  toDay(): Date | null {
    return this.#time()
  }

  /** As Ruby writes the hash that Rails makes of them. */
  toString(): string {
    return `{${[...this.#parts].map(([place, value]) => `${place}=>${shown(value)}`).join(', ')}}`
  }

  toJSON(): Record<string, unknown> {
    return Object.fromEntries(this.#parts)
  }

  #fill(defaults: readonly (readonly [number, number])[]): void {
    for (const [place, value] of defaults) if ((this.#parts.get(place) ?? null) === null) this.#parts.set(place, value)
  }

  #time(): Date | null {
    if ([1, 2, 3].some((place) => (this.#parts.get(place) ?? null) === null)) return null
    const at = (place: number): number => Math.trunc(Number(this.#parts.get(place) ?? 0)) || 0
    const [month, day, hour, minute] = [at(2), at(3), at(4), at(5)]
    const second = Number(this.#parts.get(6) ?? 0) || 0
    within('mon', month, 1, 12)
    within('argument', day, 1, 31)
    within('hour', hour, 0, 24)
    within('min', minute, 0, 59)
    within('sec', second, 0, 60)
    if (hour === 24 && (minute > 0 || second > 0)) within('argument', hour, 0, 23)
    const time = new Date(0)
    time.setUTCFullYear(at(1), month - 1, day)
    time.setUTCHours(hour, minute, 0, Math.trunc(second * 1000))
    return time
  }
}

function within(part: string, value: number, least: number, most: number): void {
  if (value < least || value > most) throw new InvalidArgument({ reason: `${part} out of range` })
}

function shown(value: unknown): string {
  return value === null ? 'nil' : typeof value === 'string' ? JSON.stringify(value) : String(value)
}
