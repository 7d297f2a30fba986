import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Endpoint, type ParameterHash, UploadedFile } from '../../src/http/index.ts'
import { serve, stopServing } from './serving.ts'

const readAll: Endpoint = (request) => void request.parameters

function form(entries: Record<string, string | Blob>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(entries)) data.append(name, value)
  return data
}

describe('uploads', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regauge-uploads-'))
  })
  afterEach(async () => {
    await stopServing()
    await rm(folder, { recursive: true })
  })

  /** Serves, and answers what `post` needs: the URL and when the response's connection is done with. */
  async function receive(endpoint: Endpoint, settings = {}): Promise<{ url: string; closed: Promise<void> }> {
    let close: () => void
    const closed = new Promise<void>((resolve) => {
      close = resolve
    })
    const url = await serve(endpoint, { request: { uploadFolder: folder, ...settings }, onFinish: () => close() })
    return { url, closed }
  }

  async function folderIsEmpty(): Promise<void> {
    while ((await readdir(folder)).length > 0) await new Promise(setImmediate)
  }

  it('are files with a name, a type and a size, nested as their names say', async () => {
    const { url } = await receive(async (request, response) => {
      const file = (request.parameters['article'] as ParameterHash)['picture'] as UploadedFile
      response.body = JSON.stringify([file instanceof UploadedFile, file, (await file.read()).toString(), request.parameters['title']])
    })
    const body = form({ 'article[picture]': new File(['<svg/>'], 'cat.svg', { type: 'image/svg+xml' }), title: 'Cat' })
    const answer = await fetch(url, { method: 'POST', body })
    expect(await answer.json()).to.deep.equal([true, { filename: 'cat.svg', content_type: 'image/svg+xml', size: 6 }, '<svg/>', 'Cat'])
  })

  it('are read from where the last reading ended, as files of Ruby are', async () => {
    const { url } = await receive(async (request, response) => {
      const file = request.parameters['file'] as UploadedFile
      const text = async (length?: number) => (length === undefined ? await file.read() : await file.read(length))?.toString() ?? null
      const read = [
        file.isEof,
        await text(3),
        await text(0),
        file.isEof,
        await text(),
        await text(),
        await text(1),
        await text(0),
        file.isEof,
      ]
      const again = [
        file.rewind(),
        await text(100),
        file.rewind(),
        (await file.tempfile.read()).toString(),
        file.tempfile.path === file.path,
      ]
      file.open()
      response.body = JSON.stringify([...read, again, await text(1)])
    })
    const answer = await fetch(url, { method: 'POST', body: form({ file: new File(['abcdefgh'], 'a.txt') }) })
    expect(await answer.json()).to.deep.equal([
      ...[false, 'abc', '', false, 'defgh', '', null, '', true],
      [0, 'abcdefgh', 0, 'abcdefgh', true],
      'a',
    ])
  })

  it('may be deleted before the response', async () => {
    const { url } = await receive(async (request, response) => {
      const [file] = request.uploadedFiles
      await file!.close()
      const before = (await readdir(folder)).length
      await file!.close(true)
      response.body = JSON.stringify([before, (await readdir(folder)).length])
    })
    const answer = await fetch(url, { method: 'POST', body: form({ file: new File(['content'], 'a') }) })
    expect(await answer.json()).to.deep.equal([1, 0])
  })

  describe('tell the headers of their part as they were sent, and the type as it says it', () => {
    const heads = [
      'content-disposition: form-data; name="a"; filename="a b.txt"\r\nX-Other: 1\r\nContent-Type:text/plain;charset=utf-8\r\n',
      'Content-Disposition: form-data; name="b"; filename="n\u00e4.txt"\r\n',
      'Content-Disposition: form-data; name="c"; filename="c"\r\nContent-Type: text/x-long;\r\n folded=1\r\n',
      'Content-Disposition: form-data; name="d"; filename="d"\r\nContent-Type: text/html\r\n',
    ]
    const skipped = 'X-Unnamed: 1\r\n'
    const field = 'Content-Disposition: form-data; name="field"\r\n'
    const part = (head: string, content: string) => `--b\r\n${head}\r\n${content}\r\n`
    const body = Buffer.from(
      [
        part(heads[0]!, 'one'),
        part(skipped, ''),
        part(heads[1]!, ''),
        part(field, 'a field'),
        part(heads[2]!, 'x'.repeat(20_000)),
        part(heads[3]!, 'Content-Disposition: no head\r\n\r\n'),
        '--b--\r\n',
      ].join(''),
    )

    for (const size of [1, 2, 7, 1000, body.length]) {
      it(`when they come ${size} bytes at a time`, async () => {
        const { url } = await receive((request, response) => {
          response.body = JSON.stringify(request.uploadedFiles.map((file) => [file.headers, file.contentType ?? null, file.size]))
        })
        const pieces = (function* () {
          for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
        })()
        const headers = { 'content-type': 'multipart/form-data; boundary=b' }
        const answer = await fetch(url, { method: 'POST', headers, body: ReadableStream.from(pieces), duplex: 'half' })
        const seen = (await answer.json()) as unknown
        const sizes = [3, 0, 20_000, 32]
        const types = ['text/plain;charset=utf-8', null, 'text/x-long;\r\n folded=1', 'text/html']
        expect(seen).to.deep.equal(heads.map((head, index) => [head, types[index], sizes[index]]))
      })
    }
  })

  it('are read as a stream', async () => {
    const { url } = await receive((request, response) => void (response.body = (request.parameters['file'] as UploadedFile).stream()))
    const content = 'x'.repeat(300_000)
    const answer = await fetch(url, { method: 'POST', body: form({ file: new File([content], 'big.txt') }) })
    expect(await answer.text()).to.equal(content)
  })

  it('are readable for this user alone and gone after the response', async () => {
    const { url } = await receive(async (request, response) => {
      const { path } = request.uploadedFiles[0]!
      response.body = `${path.startsWith(folder)} ${await readFile(path, 'utf8')}`
    })
    const answer = await fetch(url, { method: 'POST', body: form({ file: new File(['content'], '../../etc/passwd') }) })
    expect(await answer.text()).to.equal('true content')
    await folderIsEmpty()
    expect(await readdir(folder)).to.deep.equal([])
  })

  it('are gone after an error in the endpoint', async () => {
    const { url } = await receive(() => {
      throw new Error('no')
    })
    expect((await fetch(url, { method: 'POST', body: form({ file: new File(['a'], 'a') }) })).status).to.equal(500)
    await folderIsEmpty()
    expect(await readdir(folder)).to.deep.equal([])
  })

  const limits: Record<string, [settings: object, body: Record<string, string | Blob>]> = {
    'a file larger than the body may be': [{ bodyLimit: 1000 }, { file: new File(['x'.repeat(5000)], 'a') }],
    'a field larger than memory allows': [{ memoryLimit: 1000 }, { field: 'x'.repeat(5000) }],
    'fields larger together than memory allows': [{ memoryLimit: 1000 }, { one: 'x'.repeat(600), two: 'x'.repeat(600) }],
    'files without a name larger together with fields than memory allows': [
      { memoryLimit: 1000 },
      { one: 'x'.repeat(600), two: new File(['x'.repeat(600)], '') },
    ],
    'too many files': [{ fileLimit: 1 }, { one: new File(['a'], 'a'), two: new File(['b'], 'b') }],
    'too many parts': [{ partLimit: 1 }, { one: 'a', two: 'b' }],
  }
  for (const [what, [settings, entries]] of Object.entries(limits)) {
    it(`answer 413 to ${what}, and leave nothing behind`, async () => {
      const { url } = await receive(readAll, settings)
      expect((await fetch(url, { method: 'POST', body: form(entries) })).status).to.equal(413)
      await folderIsEmpty()
      expect(await readdir(folder)).to.deep.equal([])
    })
  }

  it('answer 413 to a body without a length as soon as it passes the limit', async () => {
    const { url } = await receive(readAll, { bodyLimit: 1000 })
    const stream = new Response(form({ file: new File(['x'.repeat(5000)], 'a') }))
    const init = { method: 'POST', headers: { 'content-type': stream.headers.get('content-type')! }, body: stream.body, duplex: 'half' }
    expect((await fetch(url, init as RequestInit)).status).to.equal(413)
    await folderIsEmpty()
    expect(await readdir(folder)).to.deep.equal([])
  })

  it('are gone when the client hangs up halfway', async () => {
    const { url, closed } = await receive(readAll)
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port) })
    const part = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nhalf'
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n${part}`)
    while ((await readdir(folder)).length === 0) await new Promise(setImmediate)
    socket.destroy()
    await closed
    await folderIsEmpty()
    expect(await readdir(folder)).to.deep.equal([])
  })

  it('may have any boundary', async () => {
    const { url } = await receive(readAll)
    const body = '--a\\b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--a\\b--\r\n'
    for (const boundary of ['a\\b', '"a\\b"']) {
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
      expect((await fetch(url, { method: 'POST', headers, body })).status).to.equal(200)
    }
  })

  for (const [what, body] of Object.entries({
    'a part without a name': '--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n',
    'a file part without a name': '--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\n1\r\n--x--\r\n',
    'a field in a charset that nobody knows':
      '--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=bogus\r\n\r\n1\r\n--x--\r\n',
    'a body that ends too early': '--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nhalf',
    'conflicting names':
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name="a[b]"; filename="a"\r\n\r\n1\r\n--x--\r\n',
  })) {
    it(`answer 400 to ${what}, and leave nothing behind`, async () => {
      const { url } = await receive(readAll)
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body })
      expect(answer.status).to.equal(400)
      await folderIsEmpty()
      expect(await readdir(folder)).to.deep.equal([])
    })
  }
})
