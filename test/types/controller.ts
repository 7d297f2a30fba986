import type { ParameterHash } from '../../src/http/index.ts'
import { Controller, type ParameterScalar, type Parameters, type Permitted } from '../../src/controller/index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Attributes<P> =
  P extends Permitted<infer T> ? { [K in keyof T as K extends keyof Permitted<Record<never, never>> ? never : K]: T[K] } : never
const same = <A, B>(_equal: Equal<A, B>): void => undefined

declare const params: Parameters

// The attributes are read from the permit literal.
const order = params.require('order').permit('amount', 'product_id', { tags: [] })
same<Attributes<typeof order>, { amount?: ParameterScalar; product_id?: ParameterScalar; tags?: ParameterScalar[] }>(true)
same<typeof order.amount, ParameterScalar | undefined>(true)
// @ts-expect-error what wasn't permitted isn't there
order.admin

// Hashes, lists of hashes, any hash, a name in place of a list, names in a list.
const article = params.permit(['title', 'body'], { author: ['name'], comments: [['text', { likes: [] }]] }, { settings: {}, meta: 'lang' })
same<Attributes<NonNullable<typeof article.author>>, { name?: ParameterScalar }>(true)
same<Attributes<NonNullable<typeof article.comments>[number]>, { text?: ParameterScalar; likes?: ParameterScalar[] }>(true)
same<typeof article.settings, ParameterHash | undefined>(true)
same<Attributes<NonNullable<typeof article.meta>>, { lang?: ParameterScalar }>(true)
same<typeof article.title, ParameterScalar | undefined>(true)

// The methods know the names.
const rest = article.except('title')
same<typeof rest.body, ParameterScalar | undefined>(true)
// @ts-expect-error it was excepted
rest.title
same<ReturnType<typeof article.get<'author'>>, typeof article.author>(true)
// What is below is permitted too, and can all that parameters can.
same<ReturnType<NonNullable<typeof article.comments>[number]['string']>, string | undefined>(true)
const merged = order.merge({ customer_id: 7 })
same<typeof merged.customer_id, number>(true)
same<typeof merged.amount, ParameterScalar | undefined>(true)
// @ts-expect-error no such name
order.has('amuont')

// A column of JSON takes what JSON has of them.
type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
const column: Json = order.toJSON()
void column

// Spreading gives the attributes alone.
const { tags, ...attributes } = order
same<typeof tags, ParameterScalar[] | undefined>(true)
same<typeof attributes, { amount?: ParameterScalar; product_id?: ParameterScalar }>(true)
const spread = { ...order, customer: 'Ann' }
same<typeof spread, { customer: string; amount?: ParameterScalar; product_id?: ParameterScalar; tags?: ParameterScalar[] }>(true)

// An attribute may have the name of a method.
const named = params.permit('values', 'keys')
same<typeof named.values, ParameterScalar | undefined>(true)

// expect answers the value for one filter and a tuple for several.
const expected = params.expect({ article: ['title', { tags: [] }] })
same<typeof expected.title, ParameterScalar | undefined>(true)
const [id, comment] = params.expect('id', { comment: ['body'] })
same<typeof id, Exclude<ParameterScalar, null>>(true)
same<typeof comment.body, ParameterScalar | undefined>(true)
same<Attributes<ReturnType<typeof listed>[number]>, { text?: ParameterScalar }>(true)
function listed() {
  return params.expect({ comments: [['text']] })
}

// Only permitted parameters may be given to a model: that is what its signatures ask for.
declare function create(attributes: { isPermitted(): true }): void
create(order)
create(merged)
create(rest)
create(expected)
// @ts-expect-error they were never permitted
create(params)

// Names that the compiler doesn't know give attributes by any name, and keep the methods.
declare const names: string[]
const dynamic = params.permit(...names)
same<typeof dynamic.anything, ParameterScalar | undefined>(true)
same<ReturnType<typeof dynamic.has>, boolean>(true)

// Lists below hashes, hashes below lists, and what a form of nested attributes sends.
const deep = params.permit({ order: ['amount', { lines: [['sku', { options: {} }]], address: [{ geo: ['lat', 'lng'] }] }] })
same<Attributes<NonNullable<NonNullable<typeof deep.order>['lines']>[number]>, { sku?: ParameterScalar; options?: ParameterHash }>(true)
same<
  Attributes<NonNullable<NonNullable<NonNullable<typeof deep.order>['address']>['geo']>>,
  { lat?: ParameterScalar; lng?: ParameterScalar }
>(true)
// @ts-expect-error it was not among the lines
deep.order?.lines?.[0]?.price

// A tuple of names gives a tuple of values; a list of names may be one argument too.
const [first, second] = order.valuesAt('amount', 'tags')
same<typeof first, ParameterScalar | undefined>(true)
same<typeof second, ParameterScalar[] | undefined>(true)
// @ts-expect-error no such name
order.valuesAt('amuont')
const copied = order.deepDup()
same<typeof copied.amount, ParameterScalar | undefined>(true)
order.each((key) => same<typeof key, 'amount' | 'product_id' | 'tags'>(true))

// expectOrThrow is typed as expect is; a scalar, a list of scalars, any hash, a list of hashes.
const [token, ids, options, lines] = params.expectOrThrow('token', { ids: [] }, { options: {} }, { lines: [['sku']] })
same<typeof token, Exclude<ParameterScalar, null>>(true)
same<typeof ids, ParameterScalar[]>(true)
same<typeof options, ParameterHash>(true)
same<Attributes<(typeof lines)[number]>, { sku?: ParameterScalar }>(true)

class NotFound extends Error {
  readonly model = 'Article'
}

// Functions get the controller as `this` and as argument; handlers get the error of the class they are for.
export class ArticlesController extends Controller {
  static {
    this.beforeAction((controller) => controller.load('title'))
    this.beforeAction(
      function () {
        this.load('title')
      },
      { only: ['show'], if: (controller) => controller.title === 'x', unless: 'isOpen' },
    )
    this.aroundAction(async (controller, proceed) => {
      controller.load('title')
      await proceed()
    })
    this.rescueFrom(NotFound, (controller, error) => controller.render({ json: { error: error.model }, status: 'not_found' }))
    this.rescueFrom(NotFound, TypeError, 'Timeout::Error', (controller, error) =>
      same<typeof error, NotFound | TypeError>(controller.isPerformed as true),
    )
    // @ts-expect-error no such option
    this.beforeAction('load', { onyl: ['show'] })
    // @ts-expect-error no such method
    this.afterAction((controller) => controller.laod())
  }
  title = ''
  load(title: string) {
    this.title = title
  }
  show() {
    this.render({ json: this.title, status: 'created', only: ['title'], include: { author: { only: 'name' } } })
    this.render({ plain: 'x', status: 418, contentType: 'text/csv' })
    this.head('no_content')
    // @ts-expect-error no such status
    this.render({ json: 1, status: 'not_fuond' })
    // @ts-expect-error nothing to render
    this.render({ location: '/x' })
  }
}
