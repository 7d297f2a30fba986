import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import morgan from 'morgan'
import multer from 'multer'
import serveStatic from 'serve-static'
import { inEveryHost } from '../hosts.ts'

describe('middleware that reads bodies, sends files or logs', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'regauge-files-'))
    writeFileSync(join(folder, 'hello'), 'a file')
  })
  after(() => rmSync(folder, { recursive: true }))

  inEveryHost((host) => {
    it('multer receives an upload, and its fields are the parameters', async () => {
      const url = await host.serve([multer({ storage: multer.memoryStorage() }).single('file')])
      const body = new FormData()
      body.append('title', 'Notes')
      body.append('file', new File(['some text'], 'notes.txt'))
      expect(await (await fetch(`${url}/uploads`, { method: 'POST', body })).json()).to.deep.equal({
        name: 'notes.txt',
        size: 9,
        text: 'some text',
        title: 'Notes',
      })
    })

    it('serve-static sends a file before a route of the same path', async () => {
      const root = join(folder)
      const url = await host.serve([
        (req, res, next) => (req.url === '/hello/ann' ? serveStatic(root)(Object.assign(req, { url: '/hello' }), res, next) : next()),
      ])
      expect(await (await fetch(`${url}/hello/ann`)).text()).to.equal('a file')
      expect(await (await fetch(`${url}/hello/bob`)).json()).to.have.property('hello', 'bob')
    })

    it('morgan logs the status and the length of the answer', async () => {
      let write: (line: string) => void = () => {}
      const line = new Promise<string>((resolve) => {
        write = resolve
      })
      const url = await host.serve([
        morgan(':method :url :status :res[content-length] :remote-addr', { stream: { write: (text) => write(text) } }),
      ])
      await fetch(`${url}/long?a=1`)
      expect(await line).to.equal('GET /long?a=1 200 10011 127.0.0.1\n')
    })
  })
})
