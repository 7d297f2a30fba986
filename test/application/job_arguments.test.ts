import { expect } from 'chai'
import { Job, range } from 'regauge'
import { type TestApplication, testApplication } from 'regauge/testing'
import { decimalClass } from '../../adapters/prisma/index.ts'
import { ordersWith, removeFolders } from './folder.ts'

describe('the arguments of jobs in an application', () => {
  let application: TestApplication
  before(async () => {
    application = await testApplication({ root: ordersWith(), configure: ({ jobs }) => void (jobs.run = false) })
  })
  after(async () => {
    await application.stop()
    removeFolders()
  })

  class Probe extends Job {
    perform(..._values: unknown[]) {}
  }
  const serializer = (name: string) => `ActiveJob::Serializers::${name}Serializer`

  /** How a value is stored, and what it is again. */
  async function carried(value: unknown): Promise<{ stored: unknown; restored: unknown }> {
    const job = new Probe(value)
    const data = job.payload()
    const again = Probe.restore({ data: JSON.parse(JSON.stringify(data)), queue: 'default', priority: 0, runAt: undefined })
    await again.loadArguments()
    return { stored: data.arguments[0], restored: again.arguments[0] }
  }

  it('may be ranges, with whatever bounds, as Rails writes them', async () => {
    const { stored, restored } = await carried(range(1, 3, { excludesEnd: true }))
    expect(stored).to.deep.equal({ _aj_serialized: serializer('Range'), begin: 1, end: 3, exclude_end: true })
    expect(restored).to.deep.equal(range(1, 3, { excludesEnd: true }))
    const times = range(new Date(0), null)
    expect((await carried(times)).restored).to.deep.equal(times)
  })

  it('may be decimals of the database', async () => {
    const Decimal = decimalClass()
    for (const [text, written] of [
      ['1.5', '1.5'],
      ['-0.001', '-0.001'],
      ['1e21', '1000000000000000000000.0'],
      ['42', '42.0'],
    ]) {
      const { stored, restored } = await carried(new Decimal(text!))
      expect(stored).to.deep.equal({ _aj_serialized: serializer('BigDecimal'), value: written })
      expect(restored).to.be.instanceOf(Decimal)
      expect(String(restored)).to.equal(String(new Decimal(text!)))
    }
  })

  it('may be symbols that have a name, which come back as strings', async () => {
    const { stored, restored } = await carried(Symbol.for('pending'))
    expect(stored).to.deep.equal({ _aj_serialized: serializer('Symbol'), value: 'pending' })
    expect(restored).to.equal('pending')
    expect(() => new Probe(Symbol('own')).payload()).to.throw('Unsupported argument type: symbol. One made by Symbol.for has')
  })

  it('may be classes of the application', async () => {
    const Order = application.application.classes().find(({ name }) => name === 'Order')!
    const { stored, restored } = await carried(Order)
    expect(stored).to.deep.equal({ _aj_serialized: serializer('Module'), value: 'Order' })
    expect(restored).to.equal(Order)
    class Order2 {}
    expect(() => new Probe(Order2).payload()).to.throw('Unsupported argument type: function')
    const gone = { _aj_serialized: serializer('Module'), value: 'Gone' }
    const job = Probe.restore({ data: { arguments: [gone] }, queue: 'default', priority: 0, runAt: undefined })
    const error = await job.loadArguments().catch((thrown: Error) => thrown)
    expect((error as Error).message).to.include('there is no class Gone')
  })
})
