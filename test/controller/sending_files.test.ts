import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Controller, MissingFile } from '../../src/controller/index.ts'
import { UnknownMediaType } from '../../src/http/index.ts'
import { sendRaw } from '../http/serving.ts'
import { type Host, host } from './hosts.ts'
import { type Serving, serve } from './serving.ts'

const folder = mkdtempSync(join(tmpdir(), 'regauge-files-'))
const file = join(folder, 'report.txt')
const digits = '0123456789'

class Files extends Controller {
  file() {
    this.sendFile(file)
  }
  inline() {
    this.sendFile(file, { disposition: 'inline', filename: 'né "1".csv', type: 'csv' })
  }
  accepted() {
    this.sendFile(file, { status: 'accepted' })
  }
  missing() {
    this.sendFile(join(folder, 'nothing'))
  }
  aFolder() {
    this.sendFile(folder)
  }
  nullByte() {
    this.sendFile(`${file}\0.png`)
  }
  twice() {
    this.sendFile(file)
    this.sendFile(file)
  }
  data() {
    this.sendData(new Uint8Array([104, 105]), { filename: 'x.PNG', disposition: 'inline' })
  }
  bare() {
    this.sendData('{}', { type: 'json', disposition: null })
  }
  unknown() {
    this.sendData('x', { type: 'jsonn' })
  }
  empty() {
    this.sendFile(join(folder, 'empty.txt'))
  }
  growing() {
    this.sendFile(file, { filename: 'log' })
    writeFileSync(file, `${digits}planted`)
  }
  growingFromNothing() {
    const log = join(folder, 'empty.txt')
    this.sendFile(log)
    writeFileSync(log, 'planted')
  }
  shrinking() {
    this.sendFile(file)
    writeFileSync(file, '01234')
  }
}

describe('sent files', () => {
  let serving: Serving
  const range = (value: string, more: Record<string, string> = {}) => serving.get('file', { headers: { range: value, ...more } })
  before(async () => {
    writeFileSync(file, digits)
    writeFileSync(join(folder, 'empty.txt'), '')
    utimesSync(file, new Date('2026-01-02T03:04:05.600Z'), new Date('2026-01-02T03:04:05.600Z'))
    const actions = ['file', 'inline', 'accepted', 'missing', 'aFolder', 'nullByte', 'twice', 'data', 'bare', 'unknown', 'empty']
    serving = await serve(Files, actions)
  })
  after(async () => {
    await serving.close()
    rmSync(folder, { recursive: true })
  })

  it('come whole, with name, type, length and time', async () => {
    const { status, text, headers } = await serving.get('file')
    expect([status, text]).to.deep.equal([200, digits])
    expect(headers.get('content-disposition')).to.equal(`attachment; filename="report.txt"; filename*=UTF-8''report.txt`)
    expect(headers.get('content-type')).to.equal('text/plain')
    expect(headers.get('content-length')).to.equal('10')
    expect(headers.get('accept-ranges')).to.equal('bytes')
    expect(headers.get('last-modified')).to.equal('Fri, 02 Jan 2026 03:04:05 GMT')
    expect(statSync(file).size).to.equal(10)
  })

  it('have a name for every client, and are shown when that is asked', async () => {
    const { headers } = await serving.get('inline')
    expect(headers.get('content-disposition')).to.equal(`inline; filename="ne %221%22.csv"; filename*=UTF-8''n%C3%A9%20%221%22.csv`)
    expect(headers.get('content-type')).to.equal('text/csv')
  })

  it('have another status when that is asked', async () => {
    expect(await serving.get('accepted', { headers: { range: 'bytes=0-1' } })).to.include({ status: 202, text: digits })
  })

  it('come in part to a client that asks for a part', async () => {
    for (const [asked, text, contentRange] of [
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
      ['bytes=8-99', '89', 'bytes 8-9/10'],
      ['bytes=-99', digits, 'bytes 0-9/10'],
    ] as const) {
      const answer = await range(asked)
      expect(answer).to.include({ status: 206, text })
      expect(answer.headers.get('content-range')).to.equal(contentRange)
      expect(answer.headers.get('content-length')).to.equal(String(text.length))
    }
  })

  it('come in several parts', async () => {
    const { status, text, headers } = await range('bytes=0-1, 5-6')
    const boundary = /^multipart\/byteranges; boundary=(.+)$/.exec(headers.get('content-type') ?? '')?.[1]
    const part = (bytes: string, data: string) =>
      `\r\n--${boundary}\r\ncontent-type: text/plain\r\ncontent-range: bytes ${bytes}/10\r\n\r\n${data}`
    expect([status, text]).to.deep.equal([206, `${part('0-1', '01')}${part('5-6', '56')}\r\n--${boundary}--\r\n`])
    expect(headers.get('content-length')).to.equal(String(text.length))
  })

  it('answer 416 to parts that are not there, or overlap', async () => {
    for (const asked of ['bytes=10-', 'bytes=0-8,1-9']) {
      const answer = await range(asked)
      expect(answer.status).to.equal(416)
      expect(answer.headers.get('content-range')).to.equal('bytes */10')
    }
  })

  it('come whole when the range is no range, or the file has changed since', async () => {
    for (const asked of ['bytes=', 'bytes=a-b', 'bytes=4-2', 'lines=1-2', `bytes=${'0-0,'.repeat(200)}0-0`])
      expect(await range(asked)).to.include({ status: 200, text: digits })
    expect(await range('bytes=0-1', { 'if-range': 'Thu, 01 Jan 2026 00:00:00 GMT' })).to.include({ status: 200 })
    expect(await range('bytes=0-1', { 'if-range': 'Fri, 02 Jan 2026 03:04:05 GMT' })).to.include({ status: 206 })
  })

  it('are not sent to a client that has them', async () => {
    const answer = await range('bytes=0-1', { 'if-modified-since': 'Fri, 02 Jan 2026 03:04:05 GMT' })
    expect(answer).to.include({ status: 304, text: '' })
  })

  it('have a head only for HEAD', async () => {
    const { text, headers } = await serving.get('file', { method: 'HEAD' })
    expect([text, headers.get('content-length')]).to.deep.equal(['', '10'])
  })

  it('may be empty', async () => {
    expect(await serving.get('empty', { headers: { range: 'bytes=0-1' } })).to.include({ status: 200, text: '' })
  })

  describe('that are written to meanwhile', () => {
    let served: Host
    const ask = (action: string, headers = '') => {
      const head = `Host: a\r\n${headers}`
      const second = `GET /data HTTP/1.1\r\n${head}Connection: close\r\n\r\n`
      return sendRaw(served.url, `GET /${action} HTTP/1.1\r\n${head}\r\n${second}`, false)
    }
    before(async () => {
      served = await host('our own server', Files, ['data', 'growing', 'growingFromNothing', 'shrinking'])
    })
    afterEach(() => {
      writeFileSync(file, digits)
      writeFileSync(join(folder, 'empty.txt'), '')
      utimesSync(file, new Date('2026-01-02T03:04:05.600Z'), new Date('2026-01-02T03:04:05.600Z'))
    })
    after(() => served.close())

    it('are sent as they were, so that what was written looks like no answer', async () => {
      for (const [action, content] of [
        ['growing', digits],
        ['growingFromNothing', ''],
      ] as const) {
        const [, first, second] = (await ask(action)).split('\r\n\r\n')
        expect([first!.split('HTTP/1.1')[0], second]).to.deep.equal([content, 'hi'])
        expect(first).not.to.include('planted')
      }
    })

    it('break the connection when they become shorter, so that no other answer is taken for their rest', async () => {
      for (const headers of ['', 'Range: bytes=0-1,4-8\r\n']) {
        writeFileSync(file, digits)
        const text = await ask('shrinking', headers)
        expect(text.match(/HTTP\/1\.1 \d+/g)?.length).to.equal(1)
        expect(served.reported.splice(0).map((error) => (error as { code?: string }).code)).to.deep.equal(['REGAUGE_FILE_CHANGED'])
      }
    })
  })

  it('are an error when they are missing, a folder, or their path has a null byte', async () => {
    for (const action of ['missing', 'aFolder', 'nullByte']) {
      expect((await serving.get(action)).status).to.equal(500)
      expect(serving.reported.at(-1)).to.be.instanceOf(MissingFile)
    }
  })

  it('are sent once', async () => {
    expect((await serving.get('twice')).status).to.equal(500)
  })

  it('are made of data, too', async () => {
    const { text, headers } = await serving.get('data')
    expect([text, headers.get('content-type')]).to.deep.equal(['hi', 'image/png'])
    expect(headers.get('content-disposition')).to.match(/^inline; filename="x.PNG"/)
    expect((await serving.get('bare')).headers.get('content-disposition')).to.equal(null)
  })

  it('are an error for a type that nobody registered', async () => {
    expect((await serving.get('unknown')).status).to.equal(500)
    const error = serving.reported.at(-1)
    expect(error).to.be.instanceOf(UnknownMediaType)
    expect((error as Error).message).to.equal('Unknown MIME type jsonn. Did you mean json?')
  })
})
