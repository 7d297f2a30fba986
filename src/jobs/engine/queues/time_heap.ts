/** Sequence numbers of jobs by a time: soonest first, then lowest. Sixteen bytes each, in a binary heap of numbers. */
export class TimeHeap {
  #times = new Float64Array(16)
  #sequences = new Float64Array(16)
  #size = 0

  get size(): number {
    return this.#size
  }

  timeAt(index: number): number {
    return this.#times[index]!
  }

  sequenceAt(index: number): number {
    return this.#sequences[index]!
  }

  push(time: number, sequence: number): void {
    if (this.#size === this.#times.length) this.#grow()
    let index = this.#size++
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#isAfter(parent, time, sequence)) break
      this.#copy(parent, index)
      index = parent
    }
    this.#times[index] = time
    this.#sequences[index] = sequence
  }

  /** Drops the first. */
  pop(): void {
    const last = --this.#size
    this.#sink(0, this.#times[last]!, this.#sequences[last]!)
  }

  #sink(start: number, time: number, sequence: number): void {
    let index = start
    for (;;) {
      let child = 2 * index + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#isAfter(child, this.#times[child + 1]!, this.#sequences[child + 1]!)) child++
      if (this.#isAfter(child, time, sequence)) break
      this.#copy(child, index)
      index = child
    }
    this.#times[index] = time
    this.#sequences[index] = sequence
  }

  #isAfter(index: number, time: number, sequence: number): boolean {
    const other = this.#times[index]!
    return other > time || (other === time && this.#sequences[index]! > sequence)
  }

  #copy(from: number, to: number): void {
    this.#times[to] = this.#times[from]!
    this.#sequences[to] = this.#sequences[from]!
  }

  #grow(): void {
    const length = Math.ceil(this.#times.length * 1.5)
    const [times, sequences] = [new Float64Array(length), new Float64Array(length)]
    times.set(this.#times)
    sequences.set(this.#sequences)
    this.#times = times
    this.#sequences = sequences
  }
}
