import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { createHandler } from 'graphql-http/lib/use/express'
import { createProxyMiddleware } from 'http-proxy-middleware'
import client from 'prom-client'
import { draw } from 'regauge'
import swaggerUi from 'swagger-ui-express'
import { Router } from 'express'

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString, resolve: () => 'world' } } }),
})
const page = Router()
page.use('/', swaggerUi.serve, swaggerUi.setup({ openapi: '3.1.0', info: { title: 'Teams', version: '1' }, paths: {} }))

const registry = new client.Registry()
const seen = new client.Counter({ name: 'seen_total', help: 'Requests for the metrics.', registers: [registry] })
const metrics = Router()
metrics.get('/', async (_req, res) => {
  seen.inc()
  res.set('content-type', registry.contentType).end(await registry.metrics())
})

/** What teams mount at paths, beside actions that show what the middleware before them did. */
export default draw(({ get, post, mount }) => {
  get('hello/:name', { to: 'probe#hello' })
  get('long', { to: 'probe#long' })
  get('visits', { to: 'probe#visits' })
  get('account', { to: 'probe#account' })
  get('cookies', { to: 'probe#jar' })
  get('fail', { to: 'probe#fail' })
  post('login', { to: 'probe#account' })
  post('uploads', { to: 'probe#uploads' })
  mount(createHandler({ schema }), { at: '/graphql' })
  mount(page, { at: '/api-docs' })
  mount(metrics, { at: '/metrics' })
  mount(createProxyMiddleware({ router: () => process.env['PROXY_TARGET'], changeOrigin: true }), { at: '/legacy' })
})
