const numbersPerChunk = 1024

/** Sequence numbers of jobs in the order they came. In chunks, since memory that grows is copied: with a million jobs all else would wait for it. */
export class SequenceFifo {
  #chunks: Float64Array[] = [new Float64Array(numbersPerChunk)]
  /** Which chunk the first number is in… */
  #chunk = 0
  /** …and where. */
  #head = 0
  /** Where the next one goes in the last chunk. */
  #tail = 0

  get size(): number {
    return (this.#chunks.length - 1 - this.#chunk) * numbersPerChunk + this.#tail - this.#head
  }

  push(sequence: number): void {
    if (this.#tail === numbersPerChunk) {
      this.#chunks.push(new Float64Array(numbersPerChunk))
      this.#tail = 0
    }
    this.#chunks[this.#chunks.length - 1]![this.#tail++] = sequence
  }

  /** The first number; 0 when there is none. */
  peek(): number {
    return this.#chunk === this.#chunks.length - 1 && this.#head === this.#tail ? 0 : this.#chunks[this.#chunk]![this.#head]!
  }

  /** Drops the first number. */
  shift(): void {
    this.#head++
    if (this.#chunk === this.#chunks.length - 1) {
      if (this.#head < this.#tail) return
      // What is done with a few jobs at a time stays in one chunk.
      this.#chunks = [this.#chunks[this.#chunk]!]
      this.#chunk = this.#head = this.#tail = 0
      return
    }
    if (this.#head < numbersPerChunk) return
    this.#head = 0
    this.#chunks[this.#chunk++] = none
    if (this.#chunk < 64 || this.#chunk * 2 < this.#chunks.length) return
    this.#chunks = this.#chunks.slice(this.#chunk)
    this.#chunk = 0
  }

  /** The numbers behind the first `offset`. None may come or go meanwhile. */
  *from(offset: number): Generator<number, void> {
    const first = this.#head + offset
    let index = first % numbersPerChunk
    for (let chunk = this.#chunk + Math.floor(first / numbersPerChunk); chunk < this.#chunks.length; chunk++) {
      const numbers = this.#chunks[chunk]!
      const end = chunk === this.#chunks.length - 1 ? this.#tail : numbersPerChunk
      for (; index < end; index++) yield numbers[index]!
      index = 0
    }
  }
}

const none = new Float64Array(0)
