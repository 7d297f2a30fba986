import { expect } from 'chai'
import { unpack } from 'msgpackr'
import { packData } from '../../../src/jobs/engine/records/packed_data.ts'
import { Slab } from '../../../src/jobs/engine/records/slab.ts'
import { unpackData } from '../../../src/jobs/engine/records/unpacked_data.ts'
import { seeded } from '../../seeded.ts'

const texts = [
  '',
  'a',
  'key',
  'x'.repeat(11),
  'x'.repeat(12),
  'y'.repeat(31),
  'z'.repeat(32),
  'é',
  '日本',
  '😀'.repeat(9),
  '"\\\n\u0000',
  'l'.repeat(22_000),
  'ü'.repeat(40_000),
]
const numbers = [
  0,
  -0,
  1,
  127,
  128,
  255,
  -1,
  -32,
  -33,
  2_147_483_647,
  -2_147_483_648,
  2_147_483_648,
  0.1,
  1e300,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
]
const size = 1024 * 1024

/** What is written of a value; undefined when it has to be JSON text. */
function packed(value: object, slab = new Slab(size)): Buffer | undefined {
  const end = packData(slab, 0, value)
  return end < 0 ? undefined : Buffer.from(slab.bytes.subarray(0, end))
}

/** Random choices that are the same in every run. */
class Choices {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seeded(seed)
  }

  below(bound: number): number {
    return Math.floor(this.#random() * bound)
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!
  }
}

describe('the data of jobs as MessagePack', () => {
  /** A value like those that jobs carry. */
  function anyValue(random: Choices, depth: number): unknown {
    const kind = random.below(depth > 3 ? 4 : 6)
    if (kind === 0) return random.pick(texts)
    if (kind === 1) return random.pick(numbers)
    if (kind === 2) return random.pick([true, false, null])
    if (kind === 3) return random.below(2 ** 31) - 2 ** 30
    const values = Array.from({ length: random.below(5) }, () => anyValue(random, depth + 1))
    return kind === 4 ? values : Object.fromEntries(values.map((value) => [random.pick(texts), value]))
  }

  it('are what JSON makes of them, for this package and for others', () => {
    const random = new Choices(7)
    for (let round = 0; round < 500; round++) {
      const value = { value: anyValue(random, 0), list: Array.from({ length: random.below(3) }, () => anyValue(random, 1)) }
      const expected: unknown = JSON.parse(JSON.stringify(value))
      const bytes = packed(value)!
      expect(unpackData(bytes, 0, bytes.length)).to.deep.equal(expected)
      expect(unpack(bytes)).to.deep.equal(expected)
    }
  })

  it('have as many elements as there are, and any key', () => {
    const value = {
      many: Array.from({ length: 70_000 }, (_, index) => index & 127),
      ['__proto__']: { polluted: true },
      toString: 1,
      '': 2,
    }
    const bytes = packed(value)!
    const read = unpackData(bytes, 0, bytes.length) as typeof value
    expect(read.many).to.deep.equal(value.many)
    expect(Object.keys(read)).to.deep.equal(Object.keys(value))
    expect(Object.hasOwn(read, '__proto__')).to.equal(true)
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined)
  })

  it('are left to JSON where MessagePack has no word for them', () => {
    const deep = Array.from({ length: 60 }).reduce<object>((inner) => [inner], [])
    const others = [
      { at: new Date(0) },
      { half: '\ud800' },
      { half: `${'x'.repeat(20)}\ud800` },
      { method: () => 1 },
      [undefined],
      { deep },
      { big: new Map() },
    ]
    for (const value of others) expect(packed(value)).to.equal(undefined)
  })

  it('never go beyond the memory that is there for them', () => {
    const value = {
      text: 'some text, longer than others',
      é: 'é'.repeat(30),
      list: [1, 300, 0.5, true, null, 'short'],
      'a key that is longer than most': {},
    }
    const needed = packed(value)!.length
    for (let room = 0; room < needed; room++) expect(packed(value, new Slab(room))).to.equal(undefined)
    expect(packed(value, new Slab(needed + 200))).to.have.length(needed)
  })

  it('are refused where they are damaged, whatever they claim', () => {
    const random = new Choices(11)
    const intact = packed({ text: 'x'.repeat(40), list: [1, -70_000, 0.5, { key: 'value' }], yes: true, none: null })!
    for (let round = 0; round < 5000; round++) {
      const bytes = Buffer.from(intact)
      for (let flips = 1 + random.below(3); flips > 0; flips--) bytes[random.below(bytes.length)] = random.below(256)
      const end = random.below(4) === 0 ? random.below(bytes.length) : bytes.length
      try {
        unpackData(bytes, 0, end)
      } catch (error) {
        expect(error).to.be.instanceOf(SyntaxError)
      }
    }
    const nested = Buffer.alloc(60_000, Buffer.from([0xdc, 0, 1]))
    for (const bytes of [
      nested,
      Buffer.from([0xdd, 255, 255, 255, 255]),
      Buffer.from([0xdb, 255, 255, 255, 255]),
      Buffer.from([0xc1]),
      Buffer.from([7, 7]),
    ]) {
      expect(() => unpackData(bytes, 0, bytes.length)).to.throw(SyntaxError)
    }
  })
})
