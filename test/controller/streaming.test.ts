import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { Controller } from '../../src/controller/index.ts'
import { ClientDisconnected } from '../../src/http/index.ts'
import { closed, type Host, head, host, hosts, later, open, piece, rest } from './hosts.ts'

const large = 'x'.repeat(32 * 1024 * 1024)
let gate = later()
let ended = later<unknown>()
let written = 0

class Streams extends Controller {
  static {
    this.rescueFrom(Error, (controller) => controller.head('bad_gateway'))
  }
  async live() {
    const { stream } = this.response
    this.response.contentType = 'text/plain'
    this.cookies.set('seen', 'yes')
    await stream.write('first ')
    await gate.promise
    await stream.writeln('second')
  }
  async slow() {
    const { stream } = this.response
    for (written = 0; written < 4; written++) await stream.write(large)
  }
  async endless() {
    const { stream } = this.response
    try {
      for (;;) await stream.write('y'.repeat(65_536))
    } catch (error) {
      ended.resolve([error, stream.signal.aborted, stream.isClosed])
      throw error
    }
  }
  async failing() {
    await this.response.stream.write('half')
    await gate.promise
    throw new Error('in the middle')
  }
  async failingBefore() {
    this.response.stream
    throw new Error('at the beginning')
  }
  generated() {
    this.render({ body: numbers(), contentType: 'text/plain' })
  }
  web() {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('from '))
        controller.enqueue(new TextEncoder().encode('the web'))
        controller.close()
      },
    })
    this.render({ body, contentType: 'text/plain' })
  }
  bytes() {
    this.render({ body: new Uint8Array([104, 105]), contentType: 'application/octet-stream' })
  }
  file() {
    this.sendStream({ filename: 'rows.csv' }, async (stream) => {
      for (let row = 1; row <= 3; row++) await stream.writeln(`row,${row}`)
    })
  }
  failingFile() {
    this.sendStream({ filename: 'rows.csv' }, async (stream) => {
      await stream.write('row')
      await gate.promise
      throw new Error('no more rows')
    })
  }
  async closed() {
    const { stream } = this.response
    await stream.write('all')
    stream.close()
    await stream.write('more').catch((error: unknown) => ended.resolve(error))
  }
}

async function* numbers(): AsyncGenerator<string> {
  try {
    for (let number = 1; ; number++) {
      yield `${number} `
      if (number === 3) await gate.promise
    }
  } finally {
    ended.resolve('cleaned up')
  }
}

for (const name of Object.keys(hosts)) {
  describe(`streaming in ${name}`, () => {
    let served: Host
    before(async () => {
      const actions = ['live', 'slow', 'endless', 'failing', 'failingBefore', 'generated', 'web', 'bytes', 'file', 'failingFile', 'closed']
      served = await host(name, Streams, actions)
    })
    after(() => served.close())
    beforeEach(() => {
      served.reported.length = 0
      gate = later()
      ended = later()
    })

    it('sends what is written while the action runs, and ends with it', async () => {
      const { response } = await open(`${served.url}/live`)
      expect(await piece(response)).to.equal('first ')
      expect(response.headers['cache-control']).to.equal('no-cache')
      expect(response.headers['set-cookie']?.[0]).to.match(/^seen=yes;/)
      expect(response.headers['content-type']).to.equal('text/plain')
      gate.resolve()
      expect(await rest(response)).to.equal('second\n')
    })

    it('waits for a client that reads slowly', async () => {
      const { response } = await open(`${served.url}/slow`)
      for (let turn = 0; turn < 100; turn++) await setImmediate()
      expect(written).to.be.lessThan(3)
      let length = 0
      for await (const chunk of response) length += (chunk as Buffer).length
      expect(length).to.equal(4 * large.length)
      expect(written).to.equal(4)
    })

    it('ends the action when the client goes, without a report', async () => {
      const { request, response } = await open(`${served.url}/endless`)
      await piece(response)
      request.destroy()
      const [error, aborted, closed] = (await ended.promise) as [unknown, boolean, boolean]
      expect(error).to.be.instanceOf(ClientDisconnected)
      expect([aborted, closed]).to.deep.equal([true, true])
      await setImmediate()
      expect(served.reported).to.deep.equal([])
    })

    it('sends the head only for HEAD, and ends the action', async () => {
      expect((await head(`${served.url}/endless`)).statusCode).to.equal(200)
      expect(((await ended.promise) as [unknown])[0]).to.be.instanceOf(ClientDisconnected)
    })

    it('breaks the connection when the action fails halfway, past its rescue handlers', async () => {
      const { response } = await open(`${served.url}/failing`)
      expect(await piece(response)).to.equal('half')
      const broken = closed(response)
      gate.resolve()
      response.resume()
      await broken
      expect(response.complete).to.equal(false)
      expect((served.reported[0] as Error).message).to.equal('in the middle')
    })

    it('answers with a rescue handler while nothing is written', async () => {
      expect((await open(`${served.url}/failingBefore`)).response.statusCode).to.equal(502)
    })

    it('sends what a generator yields, and ends the generator when the client goes', async () => {
      const { request, response } = await open(`${served.url}/generated`)
      let text = ''
      while (!text.endsWith('3 ')) text += await piece(response)
      expect(text).to.equal('1 2 3 ')
      request.destroy()
      await closed(response)
      gate.resolve()
      expect(await ended.promise).to.equal('cleaned up')
    })

    it('sends streams of the web and bytes', async () => {
      expect(await rest((await open(`${served.url}/web`)).response)).to.equal('from the web')
      expect(await rest((await open(`${served.url}/bytes`)).response)).to.equal('hi')
    })

    it('sends a file that is written while it is sent', async () => {
      const { response } = await open(`${served.url}/file`)
      expect(await rest(response)).to.equal('row,1\nrow,2\nrow,3\n')
      expect(response.headers['content-type']).to.equal('text/csv')
      expect(response.headers['content-disposition']).to.match(/^attachment; filename="rows.csv"/)
    })

    it('breaks the connection when its writing fails, and reports that', async () => {
      const { response } = await open(`${served.url}/failingFile`)
      expect(await piece(response)).to.equal('row')
      const broken = closed(response)
      gate.resolve()
      response.resume()
      await broken
      expect(response.complete).to.equal(false)
      expect((served.reported[0] as Error).message).to.equal('no more rows')
    })

    it('refuses to write after the end', async () => {
      const { response } = await open(`${served.url}/closed`)
      expect(await rest(response)).to.equal('all')
      expect(await ended.promise).to.be.instanceOf(ClientDisconnected)
    })
  })
}
