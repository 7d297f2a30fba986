import { expect } from 'chai'
import { Controller, controllerSettings, DoubleRender, statusCode, toJson, UnknownStatus } from '../../src/controller/index.ts'
import { type Serving, serve } from './serving.ts'

class Record {
  readonly id = 1
  readonly title = '<b>'
  readonly secret = 'x'
  serializableHash(options: { only?: readonly string[]; methods?: string } = {}) {
    const all = { id: this.id, title: this.title, ...(options.methods !== undefined && { [options.methods]: 'computed' }) }
    return Object.fromEntries(Object.entries(all).filter(([name]) => options.only?.includes(name) ?? true))
  }
}

class Pages extends Controller {
  xml() {
    this.render({
      xml: {
        first_name: 'Ann & <Bob>',
        count: 2,
        ratio: 0.5,
        ok: true,
        at: new Date(0),
        none: null,
        tags: ['a', 'b'],
        empty: [],
        nested: { id: 1n },
        'a><b': '\u0001',
      },
    })
  }
  xmlList() {
    this.render({ xml: [{ id: 1 }] })
  }
  markdown() {
    this.render({ markdown: '# Hi' })
  }
  json() {
    this.render({
      json: { at: new Date(0), total: 12345678901234567890n, absent: undefined, nothing: null, tags: new Set(['a']) },
      status: 'created',
    })
  }
  text() {
    this.render({ json: '{"raw":true}' })
  }
  record() {
    this.render({ json: [new Record(), new Record()], only: ['id'], methods: 'extra' })
  }
  plain() {
    this.render({ plain: 'a,b', contentType: 'text/csv' })
  }
  html() {
    this.render({ html: '<p>hi</p>', status: 404 })
  }
  silent() {}
  async late() {
    await null
  }
  head204() {
    this.head('no_content', { xTotal: 3 })
  }
  twice() {
    this.render({ json: 1 })
    this.render({ json: 2 })
  }
  badStatus() {
    this.render({ json: 1, status: 'not_fuond' as never })
  }
  unawaited() {
    this.render({ json: Promise.reject(new Error('nobody waits for this')) })
  }
  split() {
    this.render({ json: 1, location: '/a\r\nset-cookie: x=1' })
  }
  xmlOfParameters() {
    this.render({ xml: this.request.requestParameters })
  }
  contentTypeOfParameters() {
    this.render({ body: '', contentType: String(this.request.requestParameters['type']) })
  }
  jsonp() {
    this.render({ json: { a: '</script>' }, callback: 'alert(1)//' })
  }
}

describe('rendering', () => {
  let serving: Serving
  before(async () => {
    serving = await serve(Pages, [
      'xml',
      'xmlList',
      'markdown',
      'json',
      'text',
      'record',
      'plain',
      'html',
      'silent',
      'late',
      'head204',
      'twice',
      'badStatus',
      'unawaited',
      'split',
      'xmlOfParameters',
      'contentTypeOfParameters',
      'jsonp',
    ])
  })
  after(() => serving.close())

  it('writes JSON as Rails does: dates with milliseconds, big integers as numbers, nothing for undefined', async () => {
    const answer = await serving.get('json')
    expect(answer.status).to.equal(201)
    expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8')
    expect(answer.text).to.equal('{"at":"1970-01-01T00:00:00.000Z","total":12345678901234567890,"nothing":null,"tags":["a"]}')
  })

  it('takes long names and media types of a client no longer than they are', async () => {
    const long = 'x'.concat('_'.repeat(500_000), 'x')
    const { text } = await serving.post('xmlOfParameters', { [long]: [1], __a_b__: 2, _: 3 })
    expect(text).to.include(`<x${'-'.repeat(500_000)}x type="array">`)
    expect(text).to.include('<__a-b__ type="integer">2</__a-b__>').and.to.include('<_ type="integer">3</_>')
    const type = `text/csv${' '.repeat(500_000)}x`
    expect((await serving.post('contentTypeOfParameters', { type: `text/csv ; charset="UTF-16"` })).headers.get('content-type')).to.equal(
      'text/csv; charset=utf-16',
    )
    await serving.post('contentTypeOfParameters', { type }).catch(() => {}) // no client takes such a header
  })

  it('writes XML of hashes and lists as Rails does, and lets nothing out of its element', async () => {
    const { text, headers } = await serving.get('xml')
    expect(headers.get('content-type')).to.equal('application/xml; charset=utf-8')
    expect(text).to.equal(`<?xml version="1.0" encoding="UTF-8"?>
<hash>
  <first-name>Ann &amp; &lt;Bob&gt;</first-name>
  <count type="integer">2</count>
  <ratio type="float">0.5</ratio>
  <ok type="boolean">true</ok>
  <at type="dateTime">1970-01-01T00:00:00Z</at>
  <none nil="true"/>
  <tags type="array">
    <tag>a</tag>
    <tag>b</tag>
  </tags>
  <empty type="array"/>
  <nested>
    <id type="integer">1</id>
  </nested>
  <a__b>*</a__b>
</hash>
`)
    expect((await serving.get('xmlList')).text).to.include(
      '<objects type="array">\n  <object>\n    <id type="integer">1</id>\n  </object>\n</objects>',
    )
    expect((await serving.get('markdown')).headers.get('content-type')).to.equal('text/markdown; charset=utf-8')
  })

  it('takes a text as JSON already', async () => {
    expect((await serving.get('text')).json).to.deep.equal({ raw: true })
  })

  it('asks records for their attributes, with only and methods', async () => {
    expect((await serving.get('record')).text).to.equal('[{"id":1},{"id":1}]')
    expect(toJson(new Record(), { methods: 'extra' })).to.equal('{"id":1,"title":"\\u003cb\\u003e","extra":"computed"}')
  })

  it('adds a charset to the content type', async () => {
    expect((await serving.get('plain')).headers.get('content-type')).to.equal('text/csv; charset=utf-8')
    expect(await serving.get('html')).to.include({ status: 404, text: '<p>hi</p>' })
  })

  it('answers 204 when an action has not answered', async () => {
    for (const action of ['silent', 'late']) expect(await serving.get(action)).to.include({ status: 204, text: '' })
  })

  it('answers with a status and headers alone', async () => {
    const answer = await serving.get('head204')
    expect(answer.status).to.equal(204)
    expect(answer.headers.get('x-total')).to.equal('3')
    expect(answer.headers.has('content-type')).to.equal(false)
  })

  it('refuses to answer twice, and refuses statuses that HTTP does not know', async () => {
    expect((await serving.get('twice')).status).to.equal(500)
    expect(serving.reported.at(-1)).to.be.instanceOf(DoubleRender)
    expect((await serving.get('badStatus')).status).to.equal(500)
    expect((serving.reported.at(-1) as UnknownStatus).message).to.equal('Unrecognized status code not_fuond. Did you mean not_found?')
  })

  it('refuses a promise as JSON, which would be an empty object, and outlives its failure', async () => {
    expect((await serving.get('unawaited')).status).to.equal(500)
    expect(String(serving.reported.at(-1))).to.equal('UnawaitedJson: Pages#unawaited rendered a promise as JSON.')
  })

  it('knows statuses by their old and new names', () => {
    expect(['unprocessable_entity', 'unprocessable_content', '404 Not Found', 'constructor'].slice(0, 3).map(statusCode)).to.deep.equal([
      422, 422, 404,
    ])
    expect(() => statusCode('constructor')).to.throw(UnknownStatus)
  })

  it('lets no line break into a header', async () => {
    const answer = await serving.get('split')
    expect(answer.headers.has('set-cookie')).to.equal(false)
    expect(answer.status).to.equal(500)
  })

  it('lets no script into a JSONP callback', async () => {
    expect((await serving.get('jsonp')).text).to.equal('/**/alert1({"a":"\\u003c/script\\u003e"})')
  })

  it('escapes HTML in JSON when the application asks for it', async () => {
    class Escaped extends Controller {
      index() {
        this.render({ json: { a: '<&>' } })
      }
    }
    const escaped = await serve(Escaped, ['index'])
    controllerSettings.escapeHtmlInJson = true
    const [on] = [await escaped.get('index'), (controllerSettings.escapeHtmlInJson = false)]
    const off = await escaped.get('index')
    await escaped.close()
    expect([on.text, off.text]).to.deep.equal(['{"a":"\\u003c\\u0026\\u003e"}', '{"a":"<&>"}'])
  })

  describe('JSON of what JavaScript writes in another way', () => {
    class Model {
      static includeRootInJson = true
      serializableHash() {
        return { id: 1 }
      }
    }
    function* numbers() {
      yield 1
      yield 2
    }

    it('makes lists of sequences and objects of maps, in their order, also inside of others', () => {
      expect(toJson({ all: numbers(), set: new Set([3]) })).to.equal('{"all":[1,2],"set":[3]}')
      expect(toJson({ counts: { byUser: new Map<unknown, number>([['b', 1], [2, 3], [null, 4]]) } })).to.equal('{"counts":{"byUser":{"b":1,"2":3,"":4}}}') // biome-ignore format: one line
    })

    it('tells the message of an error', () => {
      expect(toJson([{ error: new Error('no such order') }])).to.equal('[{"error":"no such order"}]')
    })

    it('puts a record below a root when it is asked, or its class says so', () => {
      expect(toJson(new Model())).to.equal('{"model":{"id":1}}')
      expect(toJson([new Model()], { root: 'thing' })).to.equal('[{"thing":{"id":1}}]')
      expect(toJson(new Model(), { root: false })).to.equal('{"id":1}')
    })
  })
})
