import { expect } from 'chai'
import { buildDocument } from '../../src/openapi/index.ts'
import { build, expectValid, route } from './built_document.ts'
import { conduitRoutes } from './conduit_routes.ts'

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

  it('takes the authentication and scopes that an action names', async () => {
    const source = `
      /** @auth authenticate OAuth
       *    type: oauth2
       *    flows: { clientCredentials: { tokenUrl: /token, scopes: { 'orders:read': Read } } }
       * @auth checkKey */
      export class OrdersController extends Controller {
        static { this.beforeAction('authenticate'); this.beforeAction('checkKey', { only: 'none' }) }
        /** @auth_scope orders:read */
        index() {}
        /** @auth checkKey */
        show() {}
        /** @auth_scope Other [a, b] */
        create() {}
      }`
    const routes = [
      route('GET', '/orders', 'orders#index'),
      route('GET', '/orders/:id', 'orders#show'),
      route('POST', '/orders', 'orders#create'),
    ]
    const { document, warnings } = build(routes, { orders: source }, { tagOf: (controller) => `the ${controller}` })
    await expectValid(document)
    expect(document.paths['/orders']?.get?.security).to.deep.equal([{ OAuth: ['orders:read'] }])
    expect(document.paths['/orders/{id}']?.get?.security).to.deep.equal([{ checkKey: [] }])
    expect(document.tags).to.deep.equal([{ name: 'the orders' }])
    expect(warnings.map(({ message }) => message)).to.deep.equal(['@auth_scope Other [a, b]: name one of OAuth'])
  })

  it('documents an action that the route names as Rails does by its method', async () => {
    const source = `
      /** @auth checkKey */
      export class OrdersController extends Controller {
        static { this.beforeAction('checkKey', { only: 'cancel_all' }) }
        /** Cancels them. */
        cancelAll() { this.params.permit('note'); this.head('accepted') }
      }`
    const { document } = build([route('POST', '/orders/cancel_all', 'orders#cancel_all')], { orders: source })
    await expectValid(document)
    const operation = document.paths['/orders/cancel_all']?.post
    expect(operation).to.include({ summary: 'Cancels them.', operationId: 'ordersCancelAll' })
    expect(Object.keys(operation?.responses ?? {})).to.include('202')
    expect(operation?.security).to.deep.equal([{ checkKey: [] }])
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
})
