import { expect } from 'chai'
import { runExecution } from '../../src/context/index.ts'
import {
  type CreateLoggerOptions,
  createLogger,
  filterParameters,
  logger,
  parameterFilter,
  requestLog,
  useLogger,
} from '../../src/logging/index.ts'
import { defaultFilterParameters, filteredUrl } from '../../src/logging/index.ts'

describe('logging', () => {
  let lines: string[]
  const log = (options: CreateLoggerOptions = {}) =>
    useLogger(createLogger({ format: 'json', level: 'debug', stream: { write: (line) => lines.push(line) }, ...options }))
  const last = () => JSON.parse(lines.at(-1)!)

  beforeEach(() => {
    lines = []
    log()
  })
  afterEach(() => useLogger(undefined))

  describe('a line', () => {
    it('is one JSON object with level, time, message and fields', () => {
      logger.info('order placed', { order_id: 42 })
      expect(last()).to.include({ level: 'info', message: 'order placed', order_id: 42, pid: process.pid })
      expect(last().time).to.match(/^\d{4}-\d\d-\d\dT.*Z$/)
    })

    describe('with fields named as its own', () => {
      const own = { level: 'high', time: 'noon', pid: 1, message: 'hello' }
      const written = { 'fields.level': 'high', 'fields.time': 'noon', 'fields.pid': 1, 'fields.message': 'hello' }
      const ways: Record<string, () => void> = {
        'of the call': () => logger.info('said', own),
        'of a child': () => logger.child(own).info('said'),
        'of the execution': () => runExecution({ logFields: own }, () => logger.info('said')),
        'of the logger': () => {
          log({ fields: own })
          logger.info('said')
        },
      }
      for (const [where, say] of Object.entries(ways)) {
        it(`has both, for machines, when they are ${where}`, () => {
          say()
          const line = last()
          expect(line).to.include({ ...written, level: 'info', pid: process.pid, message: 'said' })
          expect(line.time).to.match(/^\d{4}-\d\d-\d\dT/)
          for (const name of Object.keys(own)) expect(lines[0]!.split(`"${name}":`), name).to.have.lengthOf(2)
        })
      }

      it('has both, for eyes', () => {
        log({ format: 'text', colors: false })
        logger.info('said', own)
        expect(lines[0]).to.match(/^\S+ INFO {2}said fields.level=high fields.time=noon fields.pid=1 fields.message=hello\n$/)
      })
    })

    it('carries the request id and the fields of the current execution', () => {
      runExecution({ requestId: 'abc', logFields: { user_id: 7 } }, () => logger.warn('slow'))
      expect(last()).to.include({ request_id: 'abc', user_id: 7 })
    })

    it('carries the fields of a child', () => {
      logger.child({ job: 'Mail' }).error('failed', { error: new Error('boom') })
      expect(last()).to.include({ job: 'Mail', level: 'error' })
      expect(last().error.message).to.equal('boom')
    })

    it('is written of errors that are frozen, or can not be read', () => {
      const unreadable = () => {
        throw new Error('not even that')
      }
      const frozen = Object.freeze(new RangeError('no stock'))
      logger.error('failed', { error: frozen })
      expect(last()).to.deep.include({ message: 'failed', error: { type: 'RangeError', message: 'no stock', stack: frozen.stack } })
      logger.error('failed', { err: new Error('refused', { cause: frozen }) })
      expect(last().err).to.include({ type: 'Error', message: 'refused: no stock' })
      for (const name of ['message', 'stack', 'cause', 'constructor', 'detail']) {
        const error = Object.defineProperty(new Error('refused'), name, { get: unreadable, enumerable: true })
        logger.error('failed', { error })
        expect(last().error, name).to.include({ type: 'Error', message: name === 'message' ? 'object' : 'refused' })
        logger.error(error)
        expect(last().message, name).to.equal(name === 'message' ? 'object' : 'refused')
      }
      logger.error('failed', { error: new Proxy(new Error('refused'), { get: unreadable, getPrototypeOf: unreadable }) })
      expect(last()).to.deep.include({ error: { type: 'Error', message: 'object', stack: 'object' } })
    })

    it('is dropped below the level', () => {
      log({ level: 'warn' })
      logger.info('unheard')
      expect(lines).to.deep.equal([])
      expect(logger.isLevelEnabled('info')).to.equal(false)
    })
  })

  describe('a readable line', () => {
    it('has the time, the level, the message and the fields', () => {
      log({ format: 'text' })
      logger.info('order placed', { order_id: 42, note: 'two words' })
      expect(lines.at(-1)).to.match(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}order placed order_id=42 note="two words"\n$/)
    })

    it('has colours on a terminal and none in a pipe', () => {
      const previous = process.env['NO_COLOR']
      delete process.env['NO_COLOR']
      const terminal = { isTTY: true, write: (line: string) => lines.push(line) }
      try {
        log({ format: 'text', stream: terminal })
        logger.info('x')
        expect(lines.at(-1)).to.include('\u001b[')
        process.env['NO_COLOR'] = '1'
        log({ format: 'text', stream: terminal })
        logger.info('x')
        expect(lines.at(-1)).not.to.include('\u001b[')
        log({ format: 'text' })
        logger.info('x')
        expect(lines.at(-1)).not.to.include('\u001b[')
      } finally {
        if (previous === undefined) delete process.env['NO_COLOR']
        else process.env['NO_COLOR'] = previous
      }
    })

    it('shows escape sequences from outside instead of obeying them', () => {
      log({ format: 'text' })
      logger.info('GET /\u001b[2J')
      expect(lines.at(-1)).to.include('\\x1b[2J')
    })

    it('takes an error for its message, and prints it below', () => {
      log({ format: 'text' })
      logger.warn(new RangeError('boom'), { order: 1 })
      expect(lines.at(-1)).to.match(/ boom order=1\n {2}RangeError: boom\n {6}at /)
    })

    it('prints the stack of an error below', () => {
      log({ format: 'text' })
      logger.error('failed', { error: new Error('boom') })
      expect(lines.at(-1)).to.match(/failed\n {2}Error: boom\n {6}at /)
    })
  })

  describe('parameter filtering', () => {
    it('cuts what a client may send in any number: names, values, long names', () => {
      const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index]))
      const nested = { list: Array.from({ length: 100 }, () => many), ['x'.repeat(100_000)]: 1 }
      for (const params of [many, nested, { many }]) {
        expect(JSON.stringify(parameterFilter()(params)).length).to.be.below(40_000)
      }
      expect(parameterFilter()(many)).to.include({ key0: 0, '…': '100000 parameters' })
      expect(parameterFilter()({ again: 1 })).to.deep.equal({ again: 1 })
    })

    it('masks the values of a query, and takes a long one without a name no longer than it is', () => {
      expect(filteredUrl('/a?page=2&api_key=b=c;token=d&=e&token=&f', parameterFilter())).to.equal(
        '/a?page=2&api_key=[FILTERED]=c;token=[FILTERED]&=e&token=&f',
      )
      expect(filteredUrl('/a?%74oken=x&user%5Bapi_key%5D=y&%zz=z', parameterFilter())).to.equal(
        '/a?%74oken=[FILTERED]&user%5Bapi_key%5D=[FILTERED]&%zz=z',
      )
      const long = `/a?${'x'.repeat(1_000_000)}`
      expect(filteredUrl(long, parameterFilter())).to.equal(long)
    })

    it('masks keys by part of their name, whatever the case, at any depth', () => {
      const filter = parameterFilter(['passw', '_key'])
      expect(filter({ user: { Password: 'x', name: 'Ann' }, list: [{ api_key: 1 }], password: { a: 1 } })).to.deep.equal(
        toHash({
          user: toHash({ Password: '[FILTERED]', name: 'Ann' }),
          list: [toHash({ api_key: '[FILTERED]' })],
          password: '[FILTERED]',
        }),
      )
    })

    it('masks by path when the filter has a dot', () => {
      const filter = parameterFilter(['card.number'])
      expect(JSON.stringify(filter({ card: { number: 1 }, number: 2 }))).to.equal('{"card":{"number":"[FILTERED]"},"number":2}')
    })

    it('masks by regular expression', () => {
      expect(JSON.stringify(parameterFilter([/^pin$/])({ pin: 1, spin: 2 }))).to.equal('{"pin":"[FILTERED]","spin":2}')
    })

    it("masks Rails' defaults when nothing is said", () => {
      const secrets = [
        'password',
        'email',
        'client_secret',
        'token',
        'api_key',
        'encrypted',
        'salt',
        'certificate',
        'otp',
        'ssn',
        'cvv',
        'cvc',
      ]
      expect(Object.values(parameterFilter()(Object.fromEntries(secrets.map((name) => [name, 'x']))))).to.deep.equal(
        secrets.map(() => '[FILTERED]'),
      )
    })

    it('cuts what is too long, too many or too deep, and names objects that are no data', () => {
      let deep: object = {}
      for (let i = 0; i < 10_000; i++) deep = { a: deep }
      const filtered = parameterFilter()({ text: 'x'.repeat(5000), list: Array(500).fill(1), deep, file: new (class Upload {})() })
      expect(JSON.stringify(filtered).length).to.be.lessThan(2000)
      expect(filtered['file']).to.equal('[Upload]')
    })

    it('reaches into hashes that inherit nothing, as parsed parameters do', () => {
      const parsed = Object.assign(Object.create(Object.freeze(Object.create(null))), { password: 'x', name: 'Ann' })
      expect(JSON.stringify(parameterFilter()({ user: parsed }))).to.equal('{"user":{"password":"[FILTERED]","name":"Ann"}}')
    })

    it('cannot be used to reach a prototype', () => {
      parameterFilter()(JSON.parse('{"__proto__":{"polluted":1}}'))
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined)
    })
  })

  describe('the request log', () => {
    afterEach(() => filterParameters(defaultFilterParameters))

    it('is one line with method, path, status, duration, controller, action and filtered parameters', () => {
      requestLog({
        method: 'POST',
        path: '/users',
        status: 201,
        duration: 1.23456,
        controller: 'users',
        action: 'create',
        params: { user: { password: 'x' } },
        requestId: 'r1',
        fields: { user_id: 3 },
      })
      expect(lines).to.have.length(1)
      expect(last()).to.deep.include({
        message: 'POST /users 201',
        method: 'POST',
        path: '/users',
        status: 201,
        duration: 1.23,
        user_id: 3,
      })
      expect(last()).to.deep.include({
        controller: 'users',
        action: 'create',
        params: { user: { password: '[FILTERED]' } },
        request_id: 'r1',
      })
    })

    it('takes the filters of the application', () => {
      filterParameters(['nickname'])
      requestLog({ method: 'GET', path: '/', status: 200, duration: 0, params: { nickname: 'x', email: 'y' } })
      expect(last().params).to.deep.equal({ nickname: '[FILTERED]', email: 'y' })
    })
  })
})

function toHash(values: object): object {
  return Object.assign(Object.create(null), values)
}
