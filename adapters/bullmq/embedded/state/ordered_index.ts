/** What an ordered index sorts by: the score first, then the order of arrival. */
export interface Ranked {
  score: number
  order: number
}

const blockSize = 512

/** A list sorted by score and order, kept in blocks, so that adding, removing and reading a page stay cheap with a million entries. */
export class OrderedIndex<T extends Ranked> {
  #blocks: T[][] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  get first(): T | undefined {
    return this.#blocks[0]?.[0]
  }

  get last(): T | undefined {
    return this.#blocks.at(-1)?.at(-1)
  }

  add(entry: T): void {
    this.#size++
    if (this.#blocks.length === 0) {
      this.#blocks.push([entry])
      return
    }
    const blockIndex = this.#blockOf(entry)
    const block = this.#blocks[blockIndex]!
    block.splice(positionIn(block, entry), 0, entry)
    if (block.length > blockSize) this.#split(blockIndex, block)
  }

  /** @returns whether the entry was there; its score and order must be those it was added with */
  delete(entry: T): boolean {
    if (this.#size === 0) return false
    const blockIndex = this.#blockOf(entry)
    const block = this.#blocks[blockIndex]!
    const position = positionIn(block, entry)
    if (block[position] !== entry) return false
    block.splice(position, 1)
    if (block.length === 0) this.#blocks.splice(blockIndex, 1)
    this.#size--
    return true
  }

  /** The entries at ranks `start` to `end`, both included, lowest first. */
  slice(start: number, end: number): T[] {
    const found: T[] = []
    let rank = 0
    for (const block of this.#blocks) {
      if (rank > end) break
      if (rank + block.length > start) {
        const from = Math.max(0, start - rank)
        const to = Math.min(block.length, end - rank + 1)
        for (let index = from; index < to; index++) found.push(block[index]!)
      }
      rank += block.length
    }
    return found
  }

  /** How many entries have a score of at least `from` and below `to`. */
  countBetween(from: number, to: number): number {
    let count = 0
    for (const block of this.#blocks) {
      if (block.at(-1)!.score < from) continue
      if (block[0]!.score >= to) break
      if (block[0]!.score >= from && block.at(-1)!.score < to) count += block.length
      else for (const { score } of block) if (score >= from && score < to) count++
    }
    return count
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const block of this.#blocks) yield* block
  }

  /** The last block whose first entry isn't behind `entry`. */
  #blockOf(entry: T): number {
    let low = 0
    let high = this.#blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (compare(this.#blocks[middle]![0]!, entry) <= 0) low = middle
      else high = middle - 1
    }
    return low
  }

  /** What is added at the end leaves full blocks behind, what comes in between leaves two halves. */
  #split(blockIndex: number, block: T[]): void {
    const isLast = blockIndex === this.#blocks.length - 1
    this.#blocks.splice(blockIndex + 1, 0, block.splice(isLast ? blockSize : blockSize / 2))
  }
}

function positionIn<T extends Ranked>(block: readonly T[], entry: T): number {
  let low = 0
  let high = block.length
  if (high > 0 && compare(block[high - 1]!, entry) < 0) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(block[middle]!, entry) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function compare(a: Ranked, b: Ranked): number {
  return a.score - b.score || a.order - b.order
}
