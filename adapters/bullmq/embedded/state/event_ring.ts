/** How many texts of an event are kept in place: its name, and three names with their values. */
const width = 7

/** The newest events of a queue, in memory that is used again: they come by the thousand, and few are ever read. */
export class EventRing {
  #mask = 15
  #times = new Float64Array(16)
  #sequences = new Float64Array(16)
  #texts: (string | undefined)[] = new Array<string | undefined>(16 * width)
  /** The texts of those that have more of them, by the number of the event. */
  readonly #long = new Map<number, string[]>()
  /** The number of the oldest event, and of the next. */
  #first = 0
  #end = 0

  get first(): number {
    return this.#first
  }

  get end(): number {
    return this.#end
  }

  push(
    time: number,
    sequence: number,
    event: string,
    name1?: string,
    value1?: string,
    name2?: string,
    value2?: string,
    name3?: string,
    value3?: string,
  ): void {
    if (this.#end - this.#first > this.#mask) this.#grow()
    const slot = this.#end++ & this.#mask
    this.#times[slot] = time
    this.#sequences[slot] = sequence
    const texts = this.#texts
    const start = slot * width
    texts[start] = event
    texts[start + 1] = name1
    texts[start + 2] = value1
    texts[start + 3] = name2
    texts[start + 4] = value2
    texts[start + 5] = name3
    texts[start + 6] = value3
  }

  /** An event of any number of texts. */
  pushLong(time: number, sequence: number, texts: string[]): void {
    this.#long.set(this.#end, texts)
    this.push(time, sequence, '')
  }

  timeOf(event: number): number {
    return this.#times[event & this.#mask]!
  }

  sequenceOf(event: number): number {
    return this.#sequences[event & this.#mask]!
  }

  /** Names and values in turn, beginning with that of the event. */
  textsOf(event: number): string[] {
    const long = this.#long.get(event)
    if (long !== undefined) return long
    const texts = ['event']
    const start = (event & this.#mask) * width
    for (let index = start; index < start + width; index++) {
      const text = this.#texts[index]
      if (text === undefined) break
      texts.push(text)
    }
    return texts
  }

  /** Forgets the oldest. */
  drop(count: number): void {
    const first = this.#first + count
    if (this.#long.size > 0) for (let event = this.#first; event < first; event++) this.#long.delete(event)
    this.#first = first
  }

  #grow(): void {
    const size = 4 * (this.#mask + 1)
    const [times, sequences, texts] = [new Float64Array(size), new Float64Array(size), new Array<string | undefined>(size * width)]
    for (let event = this.#first; event < this.#end; event++) {
      const [from, to] = [event & this.#mask, event & (size - 1)]
      times[to] = this.#times[from]!
      sequences[to] = this.#sequences[from]!
      for (let index = 0; index < width; index++) texts[to * width + index] = this.#texts[from * width + index]
    }
    this.#mask = size - 1
    this.#times = times
    this.#sequences = sequences
    this.#texts = texts
  }
}
