import { expect } from 'chai'
import { Controller, type VariantResponder } from '../../src/controller/index.ts'
import { InvalidVariant } from '../../src/http/index.ts'
import { type Serving, serve } from './serving.ts'
import recorded from './variants_of_rails.json' with { type: 'json' }

declare module '../../src/controller/register.ts' {
  interface CustomVariants {
    watch: true
  }
}

class Variants extends Controller {
  static {
    this.beforeAction((controller: Controller) => {
      const variants = controller.params.string('v')
      if (variants) controller.request.variant = variants.split(',')
    })
  }
  block() {
    this.respondTo((format) => {
      format.json((variant) => {
        variant.phone(() => this.say('phone'))
        variant.tablet(() => this.say('tablet'))
        variant.none(() => this.say('none'))
      })
      format.any(() => this.say('another format'))
    })
  }
  any() {
    this.respondTo((format) =>
      format.json((variant) => {
        variant.any('tablet', 'phablet', () => this.say('tablet or phablet'))
        variant.phone(() => this.say('phone'))
        variant.any(() => this.say('any'))
      }),
    )
  }
  any_first() {
    this.respondTo((format) =>
      format.json((variant) => {
        variant.all(() => this.say('any'))
        variant.phone(() => this.say('phone'))
      }),
    )
  }
  none_only() {
    this.respondTo((format) => format.json((variant) => variant.none(() => this.say('none'))))
  }
  phone_only() {
    this.respondTo((format) => format.json((variant) => variant.phone(() => this.say('phone'))))
  }
  inline() {
    this.respondTo((format) => {
      format.json().phone(() => this.say('phone'))
      format.json().none(() => this.say('none'))
    })
  }
  inline_formats() {
    this.respondTo((format) => {
      format.json().phone(() => this.say('phone'))
      format.json().tablet(() => this.say('tablet'))
      format.xml(() => this.say('xml'))
    })
  }
  inline_any() {
    this.respondTo((format) => {
      format.json().any('tablet', 'phone', () => this.say('tablet or phone'))
      format.json().any(() => this.say('any'))
    })
  }
  plain() {
    this.respondTo((format) => format.json(() => this.say('block')))
  }
  any_format() {
    this.respondTo((format) =>
      format.any((variant) => {
        variant.phone(() => this.say('phone'))
        variant.none(() => this.say('none'))
      }),
    )
  }
  any_format_inline() {
    this.respondTo((format) => format.any().phone(() => this.say('phone')))
  }
  listed() {
    this.respondTo((format) =>
      format.any('csv', 'json', (variant) => {
        variant.phone(() => this.say('phone'))
        variant.none(() => this.say('none'))
      }),
    )
  }
  without_blocks() {
    this.respondTo((format) => {
      format.json().phone()
      format.json().none()
    })
  }
  empty() {
    this.respondTo((format) => format.json((_variant: VariantResponder) => {}))
  }
  twice() {
    this.respondTo((format) =>
      format.json((variant) => {
        variant.phone(() => this.say('first'))
        variant.phone(() => this.say('second'))
      }),
    )
  }
  block_then_inline() {
    this.respondTo((format) => {
      format.json(() => this.say('block'))
      format.xml().phone(() => this.say('xml phone'))
    })
  }
  async late() {
    await this.respondTo((format) => {
      format.json(async (variant) => {
        const isPaying = await Promise.resolve(this.params.boolean('paying'))
        variant.phone(async () => {
          await null
          this.say(isPaying ? 'paying phone' : 'phone')
        })
      })
    })
  }
  returned() {
    return this.respondTo(async (format) => format.json())
  }
  own() {
    this.request.variant = ['watch', 'phone']
    this.respondTo((format) => {
      format.json((variant) => variant.watch(() => this.say('watch')))
      // @ts-expect-error a variant that nobody declared
      format.xml((variant) => variant.fridge(() => this.say('fridge')))
    })
  }
  chosen() {
    this.request.variant = 'phone'
    const one = this.request.variant
    this.request.variant = null
    this.render({ json: [one, one.includes('phone'), this.request.variant, Object.isFrozen(one)] })
  }
  unsafe() {
    this.request.variant = this.params.get('v') as string
  }

  private say(what: string) {
    this.render({ plain: JSON.stringify(`${what}|${this.request.variant.join(',')}`) })
  }
}

describe('respondTo with variants', () => {
  let serving: Serving
  const actions = [...new Set(recorded.cases.map(({ action }) => action)), 'late', 'returned', 'own', 'chosen', 'unsafe']
  const asJson = { headers: { accept: 'application/json' } }
  before(async () => {
    serving = await serve(Variants, actions)
  })
  after(() => serving.close())

  describe(`answers what Rails ${recorded.rails} does`, () => {
    for (const { action, variants, status, type, body, vary } of recorded.cases) {
      it(`in ${action}, for ${variants === '' ? 'no variant' : variants}`, async () => {
        const answer = await serving.get(`${action}?v=${variants}`, asJson)
        const { headers } = answer
        expect({ status: answer.status, type: headers.get('content-type'), body: answer.text, vary: headers.get('vary') }).to.deep.equal({
          status,
          type,
          body,
          vary,
        })
      })
    }
  })

  it('waits for what decides about the variants, and for the block of one', async () => {
    expect((await serving.get('late?v=phone&paying=1', asJson)).json).to.equal('paying phone|phone')
    expect((await serving.get('late?v=phone', asJson)).json).to.equal('phone|phone')
  })

  it('takes no variants for a promise', async () => {
    expect((await serving.get('returned', asJson)).status).to.equal(204)
  })

  it('knows variants that were declared', async () => {
    expect((await serving.get('own', asJson)).json).to.equal('watch|watch,phone')
  })

  it('knows the variants of a request as a list of names', async () => {
    expect((await serving.get('chosen')).json).to.deep.equal([['phone'], true, [], true])
  })

  it('refuses variants that are no names', async () => {
    expect((await serving.get('unsafe?v[a]=b')).status).to.equal(500)
    expect(serving.reported.at(-1)).to.be.instanceOf(InvalidVariant)
  })
})
