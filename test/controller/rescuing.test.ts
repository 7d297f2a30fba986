import { expect } from 'chai'
import { Controller, InvalidRescue, ParameterMissing } from '../../src/controller/index.ts'
import { ParseError } from '../../src/http/index.ts'
import { type Serving, serve } from './serving.ts'

class NotFound extends Error {}
class Gone extends NotFound {}

class Base extends Controller {
  static {
    this.rescueFrom(NotFound, (controller, error) => controller.render({ json: { error: error.message }, status: 'not_found' }))
    this.rescueFrom(ParameterMissing, 'badParameter')
    this.rescueFrom('JsonWebTokenError', (controller) => controller.head('unauthorized'))
  }
  badParameter(error: ParameterMissing) {
    this.render({ json: { errors: { [error.param]: ["can't be blank"] } }, status: 'unprocessable_entity' })
  }
}

class Orders extends Base {
  static {
    this.rescueFrom(Gone, async (controller) => {
      await null
      controller.render({ json: { gone: true }, status: 410 })
    })
  }
  missing() {
    throw new NotFound('no such order')
  }
  async gone() {
    throw new Gone()
  }
  wrapped() {
    throw new Error('outer', { cause: new TypeError('middle', { cause: new NotFound('inner') }) })
  }
  required() {
    this.params.require('order')
  }
  foreign() {
    throw Object.assign(new Error('expired'), { name: 'JsonWebTokenError' })
  }
  unknown() {
    throw new RangeError('secret detail')
  }
  text() {
    throw 'a text'
  }
  circular() {
    const error = new Error('a circle')
    error.cause = error
    throw error
  }
}

describe('rescueFrom', () => {
  let serving: Serving
  before(async () => {
    serving = await serve(Orders, ['missing', 'gone', 'wrapped', 'required', 'foreign', 'unknown', 'text', 'circular'])
  })
  after(() => serving.close())

  it("handles a class's errors, also a parent's declaration", async () => {
    expect(await serving.get('missing')).to.deep.include({ status: 404, json: { error: 'no such order' } })
  })

  it('prefers what was declared last', async () => {
    expect(await serving.get('gone')).to.deep.include({ status: 410, json: { gone: true } })
  })

  it('looks at the causes of an error that nobody handles', async () => {
    expect(await serving.get('wrapped')).to.deep.include({ status: 404, json: { error: 'inner' } })
  })

  it('calls a method with the error', async () => {
    expect(await serving.get('required')).to.deep.include({ status: 422, json: { errors: { order: ["can't be blank"] } } })
  })

  it('takes the handler as Rails names it, and refuses what is none', async () => {
    class Rails extends Controller {
      static {
        this.rescueFrom(NotFound, ParameterMissing, { with: 'missing' })
        this.rescueFrom(TypeError, { with: (controller, error) => controller.render({ plain: error.message }) })
      }
      find() {
        throw new NotFound('gone')
      }
      typed() {
        throw new TypeError('typed')
      }
      missing(error: Error) {
        this.render({ plain: `missing: ${error.message}` })
      }
    }
    const rails = await serve(Rails, ['find', 'typed'])
    try {
      expect((await rails.get('find')).text).to.equal('missing: gone')
      expect((await rails.get('typed')).text).to.equal('typed')
    } finally {
      await rails.close()
    }
    const declare = (...args: unknown[]) => Reflect.apply(Rails.rescueFrom, class Broken extends Controller {}, args)
    expect(() => declare(NotFound, Gone)).to.throw(InvalidRescue, 'Broken has a rescueFrom whose handler is the class Gone')
    expect(() => declare(NotFound, { wiht: 'x' })).to.throw(InvalidRescue)
    expect(() => declare('StandardError', () => {}))
      .to.throw(InvalidRescue, 'Broken has a rescueFrom that names StandardError of Ruby, which nothing here is.')
      .with.property('hint', 'Pass Error: all errors are of it.')
  })

  it('handles errors by the name of their class', async () => {
    expect((await serving.get('foreign')).status).to.equal(401)
  })

  it('leaves other errors to the error renderer, without a word of them in the answer', async () => {
    for (const action of ['unknown', 'text', 'circular']) {
      const answer = await serving.get(action)
      expect(answer).to.deep.include({ status: 500, json: { status: 500, error: 'Internal Server Error' } })
    }
  })

  it('handles a body that cannot be parsed, since it is read for the action', async () => {
    class Parsing extends Controller {
      static {
        this.rescueFrom(ParseError, (controller) => controller.render({ json: { error: 'malformed' }, status: 'bad_request' }))
      }
      create() {}
    }
    const parsing = await serve(Parsing, ['create'])
    const answer = await parsing.get('create', { method: 'POST', body: '{"a":', headers: { 'content-type': 'application/json' } })
    await parsing.close()
    expect(answer).to.deep.include({ status: 400, json: { error: 'malformed' } })
  })
})
