import { Validator } from '@seriousme/openapi-schema-validator'
import { expect } from 'chai'
import {
  buildDocument,
  type DocumentInput,
  type ModelsInfo,
  type OpenApiDocument,
  type RouteInfo,
  type Warning,
} from '../../src/openapi/index.ts'
import { conduitRoutes } from './conduit_routes.ts'

const field = (name: string, type: string, more: object = {}) => ({ name, type, kind: 'scalar', list: false, required: true, ...more })

const models: ModelsInfo = {
  models: [
    {
      name: 'Order',
      primaryKey: ['id'],
      fields: [
        field('id', 'Int'),
        field('amount', 'Decimal', { documentation: 'In euros.' }),
        field('product_id', 'BigInt'),
        field('note', 'String', { required: false }),
        field('status', 'Status', { kind: 'enum' }),
        field('placed_on', 'DateTime', { nativeType: ['Date', []] }),
        field('tags', 'String', { list: true }),
        field('payment_token', 'String'),
        field('updated_at', 'DateTime', { updatedAt: true }),
        field('lines', 'Line', { kind: 'relation', list: true }),
      ],
    },
    { name: 'Line', primaryKey: ['id'], fields: [field('id', 'Int'), field('quantity', 'Int')] },
    { name: 'Article', primaryKey: ['id'], fields: [field('id', 'String', { nativeType: ['Uuid', []] }), field('slug', 'String')] },
  ],
  enums: [
    {
      name: 'Status',
      values: [
        { name: 'open', value: 'open' },
        { name: 'paid', value: 'paid' },
      ],
    },
  ],
}

const route = (verb: string, path: string, target: string, more: Partial<RouteInfo> = {}): RouteInfo => {
  const [controller = '', action = ''] = target.split('#')
  return { verb, path: `${path}(.:format)`, kind: 'action', controller, action, ...more }
}

/** Builds a document from sources given as text: controller name → source. */
function build(
  routes: RouteInfo[],
  sources: Record<string, string>,
  more: Partial<DocumentInput> = {},
): { document: OpenApiDocument; warnings: Warning[] } {
  return buildDocument({
    title: 'Shop',
    version: '1.2.3',
    routes,
    controllers: Object.keys(sources).map((name) => ({ name, file: `app/controllers/${name}_controller.ts` })),
    models,
    readFile: (file) => sources[file.slice('app/controllers/'.length, -'_controller.ts'.length)] ?? '',
    ...more,
  })
}

async function expectValid(document: OpenApiDocument): Promise<void> {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  expect(result).to.deep.include({ valid: true })
}

describe('the OpenAPI document', () => {
  it('is valid for a whole application, without a comment in it', async () => {
    const names = ['application', 'articles', 'comments', 'profiles', 'tags', 'users']
    const { document, warnings } = buildDocument({
      title: 'Conduit',
      version: '1.0.0',
      routes: conduitRoutes,
      controllers: names.map((name) => ({ name, file: `guides/conduit/api/app/controllers/${name}_controller.ts` })),
    })
    expect(warnings).to.deep.equal([])
    await expectValid(document)
    expect(Object.keys(document.paths)).to.have.length(12)
    const create = document.paths['/api/articles']?.post
    expect(create?.requestBody).to.deep.equal({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              article: { type: 'object', properties: { title: {}, description: {}, body: {}, tagList: { type: 'array', items: {} } } },
            },
            required: ['article'],
          },
        },
      },
    })
    expect(Object.keys(create?.responses ?? {})).to.deep.equal(['201', '401'])
    expect(Object.keys(document.paths['/api/articles/{slug}']?.get?.responses ?? {})).to.deep.equal(['200'])
  })

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

  it('makes schemas of the models that are referred to, without their secrets', () => {
    const source = `export class OrdersController { /** @response Order[] */ index() {} }`
    const { document } = build([route('GET', '/orders', 'orders#index')], { orders: source })
    expect(document.components?.schemas).to.deep.equal({
      Order: {
        type: 'object',
        properties: {
          id: { type: 'integer', format: 'int32', readOnly: true },
          amount: { type: 'string', format: 'decimal', description: 'In euros.' },
          product_id: { type: 'integer', format: 'int64' },
          note: { type: ['string', 'null'] },
          status: { type: 'string', enum: ['open', 'paid'] },
          placed_on: { type: 'string', format: 'date' },
          tags: { type: 'array', items: { type: 'string' } },
          updated_at: { type: 'string', format: 'date-time', readOnly: true },
        },
        required: ['id', 'amount', 'product_id', 'note', 'status', 'placed_on', 'tags', 'updated_at'],
      },
    })
  })

  it('derives the request from permit lists, with the types of the model', async () => {
    const source = `
      class Base { orderParams() { return this.params.require('order').permit('amount', 'gift', { tags: [] }, { lines: ['quantity'], address: {} }) } }
      export class OrdersController extends Base {
        async create() { this.render({ json: await Order.createOrThrow(this.orderParams()), status: 'created' }) }
        async update() { const attributes = this.params.permit('note'); this.head(ok ? 204 : 'conflict') }
        replace() { this.params.expect({ order: ['amount', { lines: [['quantity']] }] }) }
      }`
    const routes = [
      route('POST', '/orders', 'orders#create'),
      route('PATCH', '/orders/:id', 'orders#update'),
      route('PUT', '/orders/:id', 'orders#replace'),
    ]
    const { document } = build(routes, { orders: source })
    await expectValid(document)
    const schemaOf = (operation: unknown) =>
      (operation as { requestBody: { content: Record<string, { schema: object }> } }).requestBody.content['application/json']?.schema
    const line = { type: 'object', properties: { quantity: { type: 'integer', format: 'int32' } } }
    expect(schemaOf(document.paths['/orders']?.post)).to.deep.equal({
      type: 'object',
      required: ['order'],
      properties: {
        order: {
          type: 'object',
          properties: {
            amount: { type: 'string', format: 'decimal', description: 'In euros.' },
            gift: {},
            tags: { type: 'array', items: {} },
            lines: { type: 'array', items: line },
            address: { type: 'object' },
          },
        },
      },
    })
    expect(schemaOf(document.paths['/orders/{id}']?.patch)).to.deep.equal({
      type: 'object',
      properties: { note: { type: ['string', 'null'] } },
    })
    expect(Object.keys(document.paths['/orders/{id}']?.patch?.responses ?? {})).to.deep.equal(['204', '409'])
    expect(schemaOf(document.paths['/orders/{id}']?.put)).to.deep.nested.include({
      'properties.order.properties.lines': { type: 'array', items: line },
    })
  })

  it('lists what a GET reads as query parameters', () => {
    const source = `
      export class OrdersController {
        index() { this.params.permit('status'); this.params.integer('page'); this.list() }
        list() { return [this.params.get('q'), this.params['sort']] }
      }`
    const { document } = build([route('GET', '/orders', 'orders#index')], { orders: source })
    expect(document.paths['/orders']?.get?.parameters).to.deep.equal([
      { name: 'status', in: 'query', schema: { type: 'string', enum: ['open', 'paid'] } },
      { name: 'page', in: 'query', schema: { type: 'integer' } },
      { name: 'q', in: 'query', schema: { type: 'string' } },
      { name: 'sort', in: 'query', schema: { type: 'string' } },
    ])
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

  it('guesses the types of path parameters from models, constraints and names', async () => {
    const routes = [
      route('GET', '/orders/:id', 'orders#show'),
      route('GET', '/articles/:article_slug/orders/:article_id', 'orders#show'),
      route('GET', '/shops/:shop_id/days/:day', 'orders#show', { requirements: { day: /\d{4}-\d\d-\d\d/ } }),
      route('GET', '/files/*path', 'orders#show'),
      route('GET', '/reports(/:year)', 'orders#show'),
    ]
    const { document } = build(routes, { orders: 'export class OrdersController { show() {} }' })
    await expectValid(document)
    const schemas = Object.values(document.paths).map(({ get }) =>
      get?.parameters?.map((parameter) => ('schema' in parameter ? parameter.schema : undefined)),
    )
    expect(Object.keys(document.paths)).to.deep.equal([
      '/orders/{id}',
      '/articles/{article_slug}/orders/{article_id}',
      '/shops/{shop_id}/days/{day}',
      '/files/{path}',
      '/reports',
      '/reports/{year}',
    ])
    expect(schemas).to.deep.equal([
      [{ type: 'integer', format: 'int32' }],
      [{ type: 'string' }, { type: 'string', format: 'uuid' }],
      [{ type: 'integer' }, { type: 'string', pattern: '^(?:\\d{4}-\\d\\d-\\d\\d)$' }],
      [{ type: 'string' }],
      undefined,
      [{ type: 'string' }],
    ])
  })

  it('demands authentication where the filter runs', async () => {
    const application = `
      /** @auth authenticate */
      export class ApplicationController extends Controller {
        static { this.beforeAction('authenticate') }
        authenticate() { this.head('unauthorized') }
      }`
    const orders = `
      /** @auth checkKey ApiKey
       *    type: apiKey
       *    in: header
       *    name: X-Key */
      export class OrdersController extends ApplicationController {
        static { this.skipBeforeAction('authenticate', { only: 'index' }); this.beforeAction('checkKey', { only: ['destroy'] }) }
        index() {} create() {} destroy() {} checkKey() {}
      }`
    const routes = [
      route('GET', '/orders', 'orders#index'),
      route('POST', '/orders', 'orders#create'),
      route('DELETE', '/orders/:id', 'orders#destroy'),
    ]
    const { document, warnings } = build(routes, { application, orders })
    expect(warnings).to.deep.equal([])
    await expectValid(document)
    expect(document.paths['/orders']?.get?.security).to.equal(undefined)
    expect(document.paths['/orders']?.post?.security).to.deep.equal([{ authenticate: [] }])
    expect(document.paths['/orders/{id}']?.delete?.security).to.deep.equal([{ ApiKey: [] }, { authenticate: [] }])
    expect(document.components?.securitySchemes).to.deep.equal({
      authenticate: { type: 'http', scheme: 'bearer' },
      ApiKey: { type: 'apiKey', in: 'header', name: 'X-Key' },
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

  it('gives every operation an id of its own, tags by version, and all methods of a route', () => {
    const routes = [
      route('PATCH', '/api/v1/orders/:id', 'api/v1/orders#update'),
      route('PUT', '/api/v1/orders/:id', 'api/v1/orders#update'),
      route('', '/any', 'any#thing'),
    ]
    const { document } = build(routes, {})
    expect(document.paths['/api/v1/orders/{id}']?.patch).to.deep.include({ operationId: 'apiV1OrdersUpdate', tags: ['v1/Orders'] })
    expect(document.paths['/api/v1/orders/{id}']?.put?.operationId).to.equal('apiV1OrdersUpdatePut')
    expect(Object.keys(document.paths['/any'] ?? {})).to.deep.equal(['get', 'post', 'put', 'patch', 'delete'])
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
