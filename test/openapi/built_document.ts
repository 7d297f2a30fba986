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

/** Compiling the specification's schema takes a while: once is enough. */
const validator = new Validator()

const field = (name: string, type: string, more: object = {}) => ({ name, type, kind: 'scalar', list: false, required: true, ...more })

/** A shop's models. */
export const models: ModelsInfo = {
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

/** A route as the routing room lists it; the target is `controller#action`. */
export const route = (verb: string, path: string, target: string, more: Partial<RouteInfo> = {}): RouteInfo => {
  const [controller = '', action = ''] = target.split('#')
  return { verb, path: `${path}(.:format)`, kind: 'action', controller, action, ...more }
}

/** Builds a document from sources given as text: controller name → source. */
export function build(
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

/** Fails when the document breaks the rules of OpenAPI 3.1. */
export async function expectValid(document: OpenApiDocument): Promise<void> {
  const result = await validator.validate(JSON.parse(JSON.stringify(document)))
  expect(result).to.deep.include({ valid: true })
}
