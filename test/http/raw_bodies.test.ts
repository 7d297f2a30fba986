import { expect } from 'chai'
import express from 'express'
import type { Request } from '../../src/http/index.ts'
import { serve, stopServing } from './serving.ts'

describe('a body as it was sent', () => {
  afterEach(stopServing)
  const echo = (middleware: unknown[] = []) =>
    serve(
      async (request: Request, response) => {
        const bytes = await request.rawBody()
        response.body = JSON.stringify([bytes.toString('hex'), request.requestParameters, (await request.rawBody()) === bytes])
      },
      { middleware: middleware as never },
    )
  const post = (url: string, body: string | FormData, contentType?: string) =>
    fetch(url, { method: 'POST', body, headers: contentType === undefined ? {} : { 'content-type': contentType } })
  const hex = (text: string) => Buffer.from(text).toString('hex')

  it('is there beside its parameters', async () => {
    const url = await echo()
    const json = '{ "a":\t1 }\n'
    expect(await (await post(url, json, 'application/json')).json()).to.deep.equal([hex(json), { a: 1 }, true])
    expect(await (await post(url, 'a=1&a=2', 'application/x-www-form-urlencoded')).json()).to.deep.equal([hex('a=1&a=2'), { a: '2' }, true])
  })

  it('is there for types that are not parsed, and empty when there is none', async () => {
    const url = await echo()
    expect(await (await post(url, '<a/>', 'text/xml')).json()).to.deep.equal([hex('<a/>'), {}, true])
    expect(await (await fetch(url)).json()).to.deep.equal(['', {}, true])
  })

  it('is bounded as parsed bodies are', async () => {
    const url = await serve(async (request, response) => void (response.body = String((await request.rawBody()).length)), {
      request: { bodyLimit: 10 },
    })
    expect((await post(url, 'x'.repeat(11), 'text/plain')).status).to.equal(413)
    expect((await post(url, 'x'.repeat(10), 'text/plain')).status).to.equal(200)
  })

  it('is not there for multipart forms', async () => {
    const form = new FormData()
    form.set('a', '1')
    expect((await post(await echo(), form)).status).to.equal(415)
  })

  it('is what middleware has kept, or an error when it has kept nothing', async () => {
    const keeps = express.json({ verify: (req, _res, bytes) => void Object.assign(req, { rawBody: bytes }) })
    const answer = await post(await echo([keeps]), '{ "a": 1 }', 'application/json')
    expect(((await answer.json()) as unknown[]).slice(0, 2)).to.deep.equal([hex('{ "a": 1 }'), { a: 1 }])
    expect((await post(await echo([express.json()]), '{ "a": 1 }', 'application/json')).status).to.equal(500)
  })
})
