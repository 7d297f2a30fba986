import { expect } from 'chai'
import {
  Controller,
  controllerSettings,
  isPermitted,
  ParameterMissing,
  Parameters,
  permittedMarker,
  UnfilteredParameters,
} from '../../src/controller/index.ts'
import { BadRequest, parseQuery, UploadedFile } from '../../src/http/index.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { type Serving, serve } from './serving.ts'

const parse = (query: string) => new Parameters(parseQuery(query, { depth: 32, count: 5000 }))

describe('parameters', () => {
  const lines: string[] = []
  before(() => useLogger(createLogger({ format: 'json', level: 'debug', stream: { write: (line) => lines.push(line) } })))
  after(() => useLogger(undefined))

  describe('of a request', () => {
    let serving: Serving
    before(async () => {
      class OrdersController extends Controller {
        create() {
          const order = this.params.require('order').permit('amount', 'product_id', { tags: [] })
          this.render({ json: { ...order, page: this.params.integer('page') ?? 1, admin: 'admin' in order } })
        }
      }
      serving = await serve(OrdersController, ['create'])
    })
    after(() => serving.close())

    it('are permitted by name and kind, and read as plain attributes', async () => {
      const answer = await serving.post('create?page=2', { order: { amount: 5, product_id: '7', tags: ['a', 1], admin: true } })
      expect(answer.json).to.deep.equal({ amount: 5, product_id: '7', tags: ['a', 1], page: 2, admin: false })
    })

    it('that are missing end the request with 400', async () => {
      for (const body of [{}, { order: null }, { order: {} }, { order: ' ' }]) {
        // Without wrapping there is no `order` in the first: the controller's name would give one.
        expect((await serving.post('create', body)).status).to.equal(400)
      }
    })

    it('of the wrong kind are left out', async () => {
      const answer = await serving.post('create', { order: { amount: { $gt: 0 }, tags: [{ a: 1 }], product_id: [1] } })
      expect(answer.json).to.deep.equal({ page: 1, admin: false })
    })
  })

  describe('read one by one', () => {
    const params = parse('limit=20&big=99999999999999999999&word=ten&flag=false&on=1&empty=&list[]=a&user[name]=Ann')

    it('are text, whole numbers and booleans, or undefined', () => {
      expect([params.string('limit'), params.string('list'), params.string('user'), params.string('nope')]).to.deep.equal([
        '20',
        undefined,
        undefined,
        undefined,
      ])
      expect(['limit', 'big', 'word', 'empty', 'list', 'nope'].map((name) => params.integer(name))).to.deep.equal([
        20,
        ...Array(5).fill(undefined),
      ])
      expect(['flag', 'on', 'word', 'empty', 'nope'].map((name) => params.boolean(name))).to.deep.equal([
        false,
        true,
        true,
        undefined,
        undefined,
      ])
    })

    it('are texts and lists of texts for conditions; a hash is refused', () => {
      expect(['limit', 'list', 'nope'].map((name) => params.condition(name))).to.deep.equal(['20', ['a'], undefined])
      expect(() => params.condition('user')).to.throw(BadRequest, /'user' must be a text or a list of texts/)
      expect(() => parse('list[][a]=1').condition('list')).to.throw(BadRequest)
    })

    it('come as parameters again when they are hashes', () => {
      expect(params.get('user')).to.be.instanceOf(Parameters)
      expect(params.hash('user')?.string('name')).to.equal('Ann')
      expect([params.hash('limit'), params.hash('list'), params.hash('nope')]).to.deep.equal([undefined, undefined, undefined])
      expect(params.dig('user', 'name')).to.equal('Ann')
      expect(params.dig('list', 0)).to.equal('a')
      expect(params.dig('list', 'name', 'deeper')).to.equal(undefined)
      expect(params.fetch('nope', 'fallback')).to.equal('fallback')
      expect(() => params.fetch('usre')).to.throw(ParameterMissing, 'Did you mean user?')
    })

    it('are a hash, or what stands in for one', () => {
      expect(params.hash('nope', {}).permit('name').isEmpty()).to.equal(true)
      expect(params.hash('limit', { name: 'Bob' }).permit('name')).to.include({ name: 'Bob' })
      expect(params.hash('user', { name: 'Bob' }).string('name')).to.equal('Ann')
      expect(params.hash('nope', { deep: params.hash('user') }).permit({ deep: ['name'] }).deep?.name).to.equal('Ann')
      expect(params.hash('nope', {}).isPermitted()).to.equal(false)
    })

    it('never come from a prototype', () => {
      for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'get']) {
        expect(params.get(name)).to.equal(undefined)
        expect(params.has(name)).to.equal(false)
        expect(params.dig('user', name)).to.equal(undefined)
      }
    })
  })

  describe('that are permitted', () => {
    const attributes = () => parse('title=Hi&body=x&author[name]=Ann&author[admin]=1').permit('title', { author: ['name'] })

    it('can be read, spread, changed and given away', () => {
      const permitted = attributes()
      expect(permitted.title).to.equal('Hi')
      expect({ ...permitted.except('author'), user_id: 1 }).to.deep.equal({ title: 'Hi', user_id: 1 })
      expect({ ...permitted.merge({ user_id: 1 }) }).to.deep.equal({ title: 'Hi', author: permitted.author, user_id: 1 })
      expect(permitted.merge({ user_id: 1 }).isPermitted()).to.equal(true)
      expect(JSON.stringify(permitted)).to.equal('{"title":"Hi","author":{"name":"Ann"}}')
      expect(permitted.toQuery()).to.equal('author%5Bname%5D=Ann&title=Hi')
    })

    it('say so to the model layer', () => {
      expect(isPermitted(attributes())).to.equal(true)
      expect(isPermitted(parse('a=1'))).to.equal(false)
      expect(isPermitted({ a: 1 })).to.equal(true)
      expect(Reflect.get(parse('a=1'), permittedMarker)).to.equal(false)
      expect(permittedMarker).to.equal(Symbol.for('regauge.permitted'))
      expect(() => parse('a=1').toHash()).to.throw(UnfilteredParameters)
    })

    it('read as undefined when they were not sent, also when a method has their name', () => {
      const permitted = parse('a=1').permit('values', 'keys', 'constructor', 'toString', { merge: [] })
      expect([permitted.values, permitted.keys, permitted.constructor, permitted.merge]).to.deep.equal(Array(4).fill(undefined))
      expect(Object.keys(permitted)).to.deep.equal([])
      expect(parse('values=v').permit('values').values).to.equal('v')
    })

    it('work whatever the attributes are called', () => {
      const names = ['keys', 'get', 'isPermitted', 'toUnsafe', 'derive', 'pick', 'require', 'has', 'entries']
      const permitted = new Parameters(Object.fromEntries(names.map((name) => [name, 'x']))).permitAll()
      expect(Object.keys(permitted.except('keys'))).to.deep.equal(names.slice(1))
      expect(Object.keys(permitted.toHash())).to.deep.equal(names)
      expect(permitted.values()).to.have.length(names.length)
      expect(isPermitted(permitted.merge({ a: 1 }))).to.equal(true)
      expect(new Parameters({ require: { get: 'x' } }).expect({ require: ['get'] }).get).to.equal('x')
    })

    it('cannot pollute a prototype', () => {
      const body = JSON.parse(
        '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"any":{"__proto__":{"polluted":1},"a":1}}',
      )
      const params = new Parameters(body)
      const permitted = params.permit('__proto__', { any: {}, constructor: { prototype: ['polluted'] }, ['__proto__']: ['polluted'] })
      const everything = [
        permitted,
        params.permitAll(),
        params.deepMerge(body),
        params.merge(body),
        params.toUnsafe(),
        params.transformKeys(() => '__proto__'),
      ]
      for (const one of everything) Object.assign({}, one, { ...one })
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined)
      expect(Object.keys(permitted.any!)).to.deep.equal(['a'])
      expect(Reflect.get(permitted, 'polluted')).to.equal(undefined)
    })
  })

  it('are equal when they say the same, and were both permitted or not', () => {
    const [one, same, other] = [parse('a[b]=1&c='), parse('a[b]=1&c='), parse('a[b]=2&c=')]
    expect([one.equals(same), one.equals(other), one.equals(one.compactBlank())]).to.deep.equal([true, false, false])
    expect([one.equals(same.permitAll()), one.permitAll().equals(same.permitAll())]).to.deep.equal([false, true])
  })

  it('that are put below another name keep what they say', () => {
    const order = parse('order[payments][][amount]=5&order[payments][][source][number]=4111&order[payments][][source][evil]=1').hash(
      'order',
    )!
    const payments = (order.delete('payments') as Parameters[]).map((payment) => payment.set('source_attributes', payment.delete('source')))
    order.set('payments_attributes', payments)
    const filters = [{ payments_attributes: [['amount', { source_attributes: ['number'] }]] }] as const
    const wanted = { payments_attributes: [{ amount: '5', source_attributes: { number: '4111' } }] }
    expect(order.permit(...filters).toHash()).to.deep.equal(wanted)
    expect(
      new Parameters()
        .merge({ payments_attributes: payments })
        .permit(...filters)
        .toHash(),
    ).to.deep.equal(wanted)
    expect(
      new Parameters()
        .withDefaults({ payments_attributes: payments })
        .permit(...filters)
        .toHash(),
    ).to.deep.equal(wanted)
    expect(
      new Parameters()
        .deepMerge({ payments_attributes: payments })
        .permit(...filters)
        .toHash(),
    ).to.deep.equal(wanted)
    const renamed = parse('a=1').transformValues(() => payments)
    expect(renamed.permit({ a: [['amount']] }).toHash()).to.deep.equal({ a: [{ amount: '5' }] })
  })

  it('that were not permitted are logged', () => {
    lines.length = 0
    parse('a=1&b=2&controller=x&action=y').permit('a')
    expect(JSON.parse(lines.join(''))).to.deep.include({ level: 'debug', message: 'Unpermitted parameter: :b', unpermitted: ['b'] })
  })

  it('that were not permitted are refused when the application asks for it', () => {
    controllerSettings.onUnpermittedParameters = 'raise'
    try {
      expect(() => parse('a=1&b=2&c=3').permit('a')).to.throw('found unpermitted parameters: :b, :c')
    } finally {
      controllerSettings.onUnpermittedParameters = 'log'
    }
  })

  it('that every URL carries can be left out of the report', () => {
    lines.length = 0
    controllerSettings.alwaysPermittedParameters = ['locale']
    try {
      parse('a=1&locale=en').permit('a')
      expect(lines).to.deep.equal([])
    } finally {
      controllerSettings.alwaysPermittedParameters = []
    }
  })

  it('are all permitted when the application says so', () => {
    controllerSettings.permitAllParameters = true
    try {
      const params = parse('a[b]=1&permit=x')
      expect([isPermitted(params), params.hash('a')!.isPermitted(), params.except('a').isPermitted()]).to.deep.equal([true, true, true])
      expect(params.toHash()).to.deep.equal({ a: { b: '1' }, permit: 'x' })
    } finally {
      controllerSettings.permitAllParameters = false
    }
    expect(isPermitted(parse('a=1'))).to.equal(false)
  })

  it('are visited, copied and picked by their names', () => {
    const params = parse('a=1&b[c]=2')
    const seen: unknown[] = []
    params.eachPair((key, value) => seen.push([key, value instanceof Parameters ? value.toJSON() : value]))
    expect(seen).to.deep.equal([
      ['a', '1'],
      ['b', { c: '2' }],
    ])
    expect(params.valuesAt('a', 'z')).to.deep.equal(['1', undefined])
    const copy = params.deepDup()
    copy.hash('b')!.set('c', '3')
    expect(params.dig('b', 'c')).to.equal('2')
    expect(isPermitted(params.permit('a', { b: ['c'] }).deepDup())).to.equal(true)
    expect(params.permit('a').toHash((key, value) => [key.toUpperCase(), value])).to.deep.equal({ A: '1' })
  })

  it('answer to the other names that Rails has for what they do', () => {
    const permitted = parse('a=1&b=2&c=3').permit('a', 'b')
    expect({ ...permitted.withDefaults({ a: 'x', d: 4 }) }).to.deep.equal({ a: '1', b: '2', d: 4 })
    expect(isPermitted(permitted.withDefaults({ d: 4 }))).to.equal(true)
    expect({ ...permitted.without('a') }).to.deep.equal({ b: '2' })
    expect([permitted.hasKey('a'), parse('a=').hasKey('a'), parse('').hasKey('toString')]).to.deep.equal([true, true, false])
    expect(parse('a[b]=1').toUnsafeHash()).to.deep.equal({ a: { b: '1' } })
    const names = parse('file=f').permit('file', 'without', 'withDefaults', 'hasKey')
    expect([names.file, names.without, names.withDefaults, names.hasKey]).to.deep.equal(['f', undefined, undefined, undefined])
  })

  it('are files only when they were uploaded', () => {
    const avatar = new UploadedFile({ originalFilename: 'a.png', contentType: 'image/png', path: '/nowhere', size: 1 })
    const params = new Parameters({ avatar, name: 'a.png', user: { avatar } })
    expect(params.file('avatar')).to.equal(avatar)
    expect(params.expect({ user: ['avatar'] }).file('avatar')).to.equal(avatar)
    expect([params.file('name'), params.file('user'), params.file('gone')]).to.deep.equal([undefined, undefined, undefined])
  })

  it('cost no more than their number, however many names are permitted', () => {
    const names = Array.from({ length: 2000 }, (_, i) => `n${i}(1i)`)
    const params = new Parameters(Object.fromEntries(names.map((name) => [name, '1'])))
    expect(params.permit(...names.map((name) => name.slice(0, -4))).keys()).to.have.length(2000)
  })
})
