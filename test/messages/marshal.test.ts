import { expect } from 'chai'
import { MessageVerifier, UnreadableMessage, UnwritableValue } from '../../src/messages/index.ts'

const written = new MessageVerifier('secret', { serializer: 'marshal' })
const bytes = (text: string) => Buffer.from(text, 'latin1')
/** What is read of what Ruby dumped. */
const read = (dump: string) =>
  written.verified(new MessageVerifier('secret', { serializer: { dump: () => bytes(dump), load: (dumped) => dumped } }).generate(null))

describe('what Ruby marshalled', () => {
  it('is read when it is plain data', () => {
    expect(read('\x04\b{\b:\x06aI"\x06x\x06:\x06ETI"\x06b\x06;\x06T[\bi\x02\xE8\x03f\b1.5TI"\x06c\x06;\x06F0')).to.deep.equal({
      a: 'x',
      b: [1000, 1.5, true],
      c: null,
    })
    expect(read('\x04\bl+\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00')).to.equal(2n ** 64n)
    expect(read('\x04\bI"\x07\x82\xA0\x06:\rencoding"\x0eShift_JIS')).to.equal('あ')
    expect(read('\x04\b"\x07\xff\x00')).to.deep.equal(Buffer.from([255, 0]))
    expect(read('\x04\b"\x07ab')).to.equal('ab')
    expect(read('\x04\b{\x06i\x06I"\x06x\x06:\x06ET')).to.deep.equal(new Map([[1, 'x']]))
  })

  it('is read as a time, and as a hash that takes symbols for strings', () => {
    expect(read('\x04\bIu:\tTime\rC\x80\x1f\xc0x\xe0Q\x10\x06:\tzoneI"\bUTC\x06:\x06EF')).to.deep.equal(
      new Date('2026-01-02T03:04:05.123Z'),
    )
    expect(read('\x04\bC:-ActiveSupport::HashWithIndifferentAccess{\x06I"\x06a\x06:\x06ETi\x06')).to.deep.equal({ a: 1 })
  })

  it('is refused when it names a class, whichever way', () => {
    for (const dump of [
      'o:\x0bObject\x00',
      'o:\x0bOpenStruct\x06:\n@tablei\x06',
      'c\x0bString',
      'm\x0bKernel',
      'e:\x0fEnumerable[\x00',
      'S:\x08Foo\x06:\x06ai\x06',
      'u:\x08Foo\x06x',
      'U:\x08Foo[\x00',
      'C:\x0bString"\x06x',
      'C:\x0eMyHash{\x00',
      '/\x06a\x00',
      'Iu:\x08Foo\x0d12345678\x00',
    ])
      expect(() => read(`\x04\b${dump}`)).to.throw(UnreadableMessage)
  })

  it('is refused when it is cut off, too long, too deep, or points at nothing', () => {
    for (const dump of [
      '',
      '[',
      '[\x06',
      '"\x02\xff\xff',
      '[\x04\xff\xff\xff\x7f',
      '@\x06',
      ';\x06',
      '[\x06@\x00',
      '0x',
      'f\x08abc',
      '['.concat('\x06['.repeat(200), '\x00'),
    ])
      expect(() => read(`\x04\b${dump}`)).to.throw(UnreadableMessage)
    expect(() => read('\x04\x09i\x06')).to.throw(UnreadableMessage)
  })

  it('is refused when links make it large', () => {
    const doubling = (levels: number, at = 0): string =>
      at === levels ? '[\x00' : `[\x07${doubling(levels, at + 1)}@${String.fromCharCode(at + 1 + 5)}`
    expect(read(`\x04\b${doubling(2)}`)).to.deep.equal([
      [[], []],
      [[], []],
    ])
    expect(() => read(`\x04\b${doubling(30)}`)).to.throw(UnreadableMessage)
  })

  it('has integers of any length', () => {
    const integer = (hex: string, sign = '+') => `\x04\bl${sign}\x09${Buffer.from(hex, 'hex').toString('latin1')}`
    expect(read(integer('0000000000000040'))).to.equal(2n ** 62n)
    expect(read(integer('0100000000000080', '-'))).to.equal(-(2n ** 63n) - 1n)
    expect(read('\x04\bl+\x00')).to.equal(0)
    expect(read(`\x04\bl+\x03\x00\x00\x07${'\xff'.repeat(2 * 0x70000)}`)).to.equal(2n ** BigInt(16 * 0x70000) - 1n)
  })

  it('never reaches a prototype', () => {
    const value = read('\x04\b{\x07I"\x0e__proto__\x06:\x06ET{\x06:\x06xi\x06I"\x06a\x06;\x00Ti\x06') as object
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype)
    expect(Object.keys(value)).to.deep.equal(['a'])
  })
})

describe('what is marshalled', () => {
  it('is read back', () => {
    const date = new Date('2026-01-02T03:04:05.123Z')
    const shared = { a: 1 }
    for (const value of [
      { a: [1, -1, 255, -256, 2 ** 30, -(2 ** 31), 2n ** 70n, 1.5, 1.5, -0.0001, 1e300], b: { a: 'é😀' } },
      [date, date],
      [shared, shared, { b: 2 }],
      new Map<unknown, unknown>([[1, 'x']]),
      Buffer.from([255, 1]),
      [Number.POSITIVE_INFINITY, -0],
    ])
      expect(written.verify(written.generate(value))).to.deep.equal(value)
  })

  it('is plain data only', () => {
    for (const value of [() => 1, Symbol('x'), new (class Order {})(), new Date(Number.NaN), new Date('1800-01-01')])
      expect(() => written.generate(value)).to.throw(UnwritableValue)
  })
})
