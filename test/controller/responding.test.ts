import { expect } from 'chai'
import { Controller, RespondToMismatch, UnknownFormat } from '../../src/controller/index.ts'
import { registerMediaType, unregisterMediaType } from '../../src/http/index.ts'
import { type Serving, serve } from './serving.ts'

declare module '../../src/controller/register.ts' {
  interface CustomFormats {
    hal: true
  }
}

class Articles extends Controller {
  show() {
    return this.respondTo((format) => {
      format.json(() => this.render({ json: { title: 'A' } }))
      format.xml(() => this.render({ xml: { title: 'A' } }))
      format.any('csv', 'text', () => this.render({ plain: 'title\nA' }))
    })
  }
  any() {
    this.respondTo((format) => {
      format.json(() => this.render({ json: {} }))
      format.all(() => this.head('ok'))
    })
  }
  hal() {
    this.respondTo((format) => format.hal(() => this.render({ json: {} })))
  }
  only() {
    this.respondTo('json', 'xml')
  }
  async late() {
    this.respondTo((format) => {
      format.json(async () => {
        await null
        this.render({ json: { late: true } })
      })
    })
  }
  async lateFailure() {
    this.respondTo((format) => {
      format.json(async () => {
        await null
        throw new UnknownFormat({ accepted: [], asked: [] })
      })
    })
  }
  async saved() {
    await this.respondTo(async (format) => {
      const isValid = await Promise.resolve(this.params.boolean('valid'))
      if (isValid) format.json(() => this.render({ json: { id: 1 }, status: 'created' }))
      else format.json(() => this.render({ json: { errors: {} }, status: 'unprocessable_content' }))
    })
  }
  savedLater() {
    this.respondTo(async (format) => {
      await null
      format.json(() => this.render({ json: {} }))
    })
  }
  forgotten() {
    this.respondTo((format) => {
      format.json(async () => {
        await null
        throw new Error('lost')
      })
    })
    this.render({ json: {} })
  }
  everything() {
    return this.respondTo((format) => {
      format.any('all', () => this.render({ plain: 'any' }))
      format.json(() => this.render({ json: {} }))
    })
  }
  chosen() {
    this.request.format = 'json'
    return this.show()
  }
  mismatch() {
    this.response.contentType = 'text/csv'
    this.respondTo((format) => format.json(() => this.render({ json: {} })))
  }
}

describe('respondTo', () => {
  let serving: Serving
  const actions = [
    'show',
    'any',
    'hal',
    'only',
    'late',
    'lateFailure',
    'saved',
    'savedLater',
    'forgotten',
    'everything',
    'chosen',
    'mismatch',
  ]
  const accepting = (accept: string) => ({ headers: { accept } })
  before(async () => {
    registerMediaType('hal', 'application/hal+json')
    serving = await serve(Articles, actions)
  })
  after(() => {
    unregisterMediaType('hal')
    return serving.close()
  })

  it('answers in the format that Accept prefers, and says that it depends on it', async () => {
    const xml = await serving.get('show', accepting('application/json;q=0.5, application/xml'))
    expect(xml.text).to.equal('<?xml version="1.0" encoding="UTF-8"?>\n<hash>\n  <title>A</title>\n</hash>\n')
    expect(xml.headers.get('content-type')).to.equal('application/xml; charset=utf-8')
    expect(xml.headers.get('vary')).to.equal('Accept')
  })

  it('answers in the first format to a client that takes anything', async () => {
    expect((await serving.get('show', accepting('*/*'))).json).to.deep.equal({ title: 'A' })
  })

  it('lets the format parameter win over Accept, and does not vary then', async () => {
    const csv = await serving.get('show?format=csv', accepting('application/json'))
    expect(csv.headers.get('content-type')).to.equal('text/csv; charset=utf-8')
    expect(csv.headers.get('vary')).to.equal(null)
  })

  it('takes the Accept of a browser for one of HTML', async () => {
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
    expect((await serving.get('show', accepting(browser))).status).to.equal(406)
    expect((await serving.get('any', accepting(browser))).headers.get('content-type')).to.equal('text/html')
  })

  it('answers 406 to what nobody offers', async () => {
    expect((await serving.get('show', accepting('image/png'))).status).to.equal(406)
    expect((await serving.get('show', accepting('no media type'))).status).to.equal(406)
  })

  it('knows formats that were registered', async () => {
    expect((await serving.get('hal', accepting('application/hal+json'))).headers.get('content-type')).to.equal(
      'application/hal+json; charset=utf-8',
    )
  })

  it('checks formats without blocks, and leaves the answer to the action', async () => {
    expect((await serving.get('only', accepting('application/json'))).status).to.equal(204)
    expect((await serving.get('only', accepting('text/csv'))).status).to.equal(406)
  })

  it('waits for an asynchronous block, also where the action forgot to', async () => {
    expect((await serving.get('late', accepting('application/json'))).json).to.deep.equal({ late: true })
    expect((await serving.get('lateFailure', accepting('application/json'))).status).to.equal(406)
  })

  it('waits for what decides about the formats', async () => {
    expect((await serving.get('saved?valid=1', accepting('application/json'))).status).to.equal(201)
    expect((await serving.get('saved', accepting('application/json'))).status).to.equal(422)
    expect((await serving.get('saved', accepting('text/csv'))).status).to.equal(406)
    expect((await serving.get('savedLater', accepting('application/json'))).json).to.deep.equal({})
  })

  it('survives the failure of a block that nobody waits for', async () => {
    expect((await serving.get('forgotten', accepting('application/json'))).status).to.equal(200)
    expect((await serving.get('show', accepting('application/json'))).status).to.equal(200)
  })

  it('answers in the format that the application chose, which depends on no header', async () => {
    const { headers, json } = await serving.get('chosen', accepting('application/xml'))
    expect(json).to.deep.equal({ title: 'A' })
    expect(headers.get('vary')).to.equal(null)
  })

  it("takes 'all' for any format", async () => {
    expect((await serving.get('everything', accepting('application/json'))).json).to.deep.equal({})
    expect((await serving.get('everything', accepting('text/csv'))).text).to.equal('any')
    expect((await serving.get('everything', accepting('*/*'))).text).to.equal('any')
  })

  it('refuses to answer in another type than was chosen before', async () => {
    expect((await serving.get('mismatch', accepting('application/json'))).status).to.equal(500)
    expect(serving.reported.at(-1)).to.be.instanceOf(RespondToMismatch)
  })
})
