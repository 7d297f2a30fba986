import { TokenFinders } from './token_finders.ts'

/** A query of a model: conditions, order, limits and what to load, said step by step. It runs when it is awaited.
 *
 * As with records, none of its classes has private methods: a relation is made at each step.
 *
 * A relation is thenable: returning one from an `async` function runs it.
 * @example const recent = Article.where({ author_id: 1 }).order({ created_at: 'desc' }).limit(20)
 * for (const article of await recent) console.log(article.title)
 */
export class Relation extends TokenFinders {}
