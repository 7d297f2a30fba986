import { expect } from 'chai'
import { buildDocument } from '../../src/openapi/index.ts'
import { build, expectValid, route } from './built_document.ts'

describe('comments in controllers', () => {
  it('reads the comments of an action', async () => {
    const source = `
      export class OrdersController extends ApplicationController {
        /** Places an order.
         * The customer is told by mail.
         *
         * @request { amount: number, product_id: number, express?: boolean }
         * @response 201 Order The new order
         * @response 422 { errors: Record<string, string[]> }
         * @response 404
         * @deprecated
         * @internal remember the summer sale
         *   and the winter one */
        async create() {}
      }`
    const { document, warnings } = build([route('POST', '/orders', 'orders#create')], { orders: source })
    expect(warnings).to.deep.equal([])
    await expectValid(document)
    expect(document.paths['/orders']?.post).to.deep.equal({
      operationId: 'ordersCreate',
      summary: 'Places an order.',
      description: 'The customer is told by mail.',
      tags: ['Orders'],
      deprecated: true,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: { amount: { type: 'number' }, product_id: { type: 'number' }, express: { type: 'boolean' } },
              required: ['amount', 'product_id'],
            },
          },
        },
      },
      responses: {
        '201': { description: 'The new order', content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
        '404': { description: 'Not Found' },
        '422': {
          description: 'Unprocessable Entity',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: { errors: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } } },
                required: ['errors'],
              },
            },
          },
        },
      },
    })
  })

  it('reads parameters in either spelling', () => {
    const source = `
      export class OrdersController {
        /** @param page? {Integer} which page
         * @param {string} q - what to look for
         * @param {'asc' | 'desc'} [order] - how to sort
         * @param since_at
         * @param id the number of the shop */
        index() {}
      }`
    const { document, warnings } = build([route('GET', '/shops/:id/orders', 'orders#index')], { orders: source })
    expect(warnings).to.deep.equal([])
    expect(document.paths['/shops/{id}/orders']?.get?.parameters).to.deep.equal([
      { name: 'id', in: 'path', required: true, schema: { type: 'integer', format: 'int32' }, description: 'the number of the shop' },
      { name: 'page', in: 'query', required: false, schema: { type: 'integer' }, description: 'which page' },
      { name: 'q', in: 'query', required: true, schema: { type: 'string' }, description: 'what to look for' },
      { name: 'order', in: 'query', required: false, schema: { enum: ['asc', 'desc'] }, description: 'how to sort' },
      { name: 'since_at', in: 'query', required: true, schema: { type: 'string', format: 'date-time' } },
    ])
  })

  it('makes a form of parameters with a file among them', async () => {
    const source = `export class OrdersController { /** @param receipt {File} the scan
      * @param note? {string} */ attach() {} }`
    const { document } = build([route('POST', '/orders/:id/receipt', 'orders#attach')], { orders: source })
    await expectValid(document)
    expect(document.paths['/orders/{id}/receipt']?.post?.requestBody).to.deep.equal({
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: { receipt: { type: 'string', contentEncoding: 'binary', description: 'the scan' }, note: { type: 'string' } },
            required: ['receipt'],
          },
        },
      },
    })
  })

  it('takes what a class says for all of its actions, and what an action says before it', () => {
    const source = `
      /** Everything about orders.
       * @response 403 { error: string } Not yours
       * @tag Shop
       * @deprecated */
      export class OrdersController {
        index() {}
        /** @response 403 Closed for today
         * @tag Till */
        show() {}
        /** @private */
        secret() {}
      }`
    const routes = [
      route('GET', '/orders', 'orders#index'),
      route('GET', '/orders/:id', 'orders#show'),
      route('GET', '/secret', 'orders#secret'),
    ]
    const { document } = build(routes, { orders: source })
    const [index, show] = [document.paths['/orders']?.get, document.paths['/orders/{id}']?.get]
    expect(index?.responses['403']).to.deep.include({ description: 'Not yours' })
    expect(show?.responses['403']).to.deep.equal({ description: 'Closed for today' })
    expect([index?.tags, show?.tags, index?.deprecated]).to.deep.equal([['Shop'], ['Till'], true])
    expect(document.paths['/secret']).to.equal(undefined)
    expect(document.tags).to.deep.equal([{ name: 'Shop' }, { name: 'Till' }])
  })

  it('refers to shared components', async () => {
    const source = `export class OrdersController {
      /** @request #/components/requestBodies/Order
       * @response 404 #/components/responses/Missing
       * @param #/components/parameters/page
       * @response { money: Money } */
      create() {} }`
    const components = {
      schemas: { Money: { type: 'string' } },
      requestBodies: { Order: { content: { 'application/json': { schema: { type: 'object' } } } } },
      responses: { Missing: { description: 'It is not there' } },
      parameters: { page: { name: 'page', in: 'query' as const, schema: { type: 'integer' } } },
    }
    const { document, warnings } = build([route('POST', '/orders', 'orders#create')], { orders: source }, { components })
    expect(warnings).to.deep.equal([])
    await expectValid(document)
    expect(document.paths['/orders']?.post?.requestBody).to.deep.equal({ $ref: '#/components/requestBodies/Order' })
    expect(document.paths['/orders']?.post?.parameters).to.deep.equal([{ $ref: '#/components/parameters/page' }])
  })

  it('warns of mistakes with file and line, and goes on', async () => {
    const source = `/** @auth authentcate */
export class OrdersController {
  static { this.beforeAction('authenticate') }
  /** Fine.
   * @respnse 200
   * @response 200 Ordr
   * @response 200 Order
   * @request { amount: }
   * @param {Nothing} x
   * @param */
  create() {}
}`
    const { document, warnings } = build([route('POST', '/orders', 'orders#create')], {
      orders: source,
      broken: 'export class {',
      application: '',
    })
    await expectValid(document)
    expect(warnings.map(({ file, line, message }) => `${file.split('/').at(-1)}:${line} ${message}`)).to.have.members([
      'broken_controller.ts:1 The file does not parse: Expected `}` but found `EOF`',
      'orders_controller.ts:5 @respnse is no tag; did you mean @response?',
      "orders_controller.ts:6 @response 200 Ordr: nothing is named 'Ordr'; did you mean Order?",
      'orders_controller.ts:7 the response 200 is given twice; the first one counts',
      "orders_controller.ts:8 @request { amount: }: '{ amount: }' is not a type",
      "orders_controller.ts:9 @param {Nothing} x: nothing is named 'Nothing'",
      'orders_controller.ts:10 @param : no name was found',
      "orders_controller.ts:1 @auth names the before action 'authentcate', which is not declared; did you mean authenticate?",
    ])
  })

  it('warns of a file that is not there', () => {
    const { warnings } = buildDocument({
      title: 'x',
      version: '1',
      routes: [],
      controllers: [{ name: 'gone', file: '/nowhere/gone_controller.ts' }],
    })
    expect(warnings[0]?.message).to.contain('could not be read')
  })

  it('understands types as TypeScript and Ruby spell them', () => {
    const types: Record<string, unknown> = {
      'Integer[]': { type: 'array', items: { type: 'integer' } },
      '[Order]': { type: 'array', items: { $ref: '#/components/schemas/Order' } },
      'Array<string>': { type: 'array', items: { type: 'string' } },
      "['new', 'old']": { enum: ['new', 'old'] },
      "'a' | 'b' | null": { enum: ['a', 'b', null] },
      'string | null': { type: ['string', 'null'] },
      'Order | string': { anyOf: [{ $ref: '#/components/schemas/Order' }, { type: 'string' }] },
      'Order & { extra: Date }': {
        allOf: [
          { $ref: '#/components/schemas/Order' },
          { type: 'object', properties: { extra: { type: 'string', format: 'date' } }, required: ['extra'] },
        ],
      },
      '{ [key: string]: number }': { type: 'object', properties: {}, additionalProperties: { type: 'number' } },
      Hash: { type: 'object' },
    }
    for (const [type, schema] of Object.entries(types)) {
      const source = `export class OrdersController { /** @response ${type} */ index() {} }`
      const { document, warnings } = build([route('GET', '/orders', 'orders#index')], { orders: source })
      expect(warnings).to.deep.equal([])
      const response = document.paths['/orders']?.get?.responses['200'] as { content?: Record<string, { schema: unknown }> }
      expect(response.content?.['application/json']?.schema, type).to.deep.equal(schema)
    }
  })
})
