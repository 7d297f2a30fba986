import { isPromise } from './callbacks/steps.ts'
import type { CustomVariants } from './register.ts'

/** What is done for a format or a variant. May be asynchronous. */
export type FormatBlock = () => unknown

type VariantName = 'phone' | 'tablet' | 'desktop' | (keyof CustomVariants & string)

/** Collects what is done for which variant of the request, within a format.
 * @example
 * this.respondTo((format) => {
 *   format.json((variant) => {
 *     variant.phone(() => this.render({ json: article.brief }))
 *     variant.any('tablet', 'desktop', () => this.render({ json: article }))
 *     variant.none(() => this.render({ json: article }))
 *   })
 * })
 */
export type VariantResponder = {
  readonly [K in VariantName]: (block?: FormatBlock) => void
} & {
  /** For these variants, also such as have no method here, or for all that have no block of their own, a request without a variant included. */
  any(...variants: readonly (string | FormatBlock)[]): void
  /** Another name for `any`. */
  all(...variants: readonly (string | FormatBlock)[]): void
  /** For a request without a variant. */
  none(block?: FormatBlock): void
}

const ANY = 'any'

/** What was declared for the variants of one format. */
export class Variants {
  readonly #blocks = new Map<string, FormatBlock>()
  /** What the application declares with. */
  readonly responder = new Proxy(Object.create(null) as VariantResponder, {
    // A promise that ends with it would ask for `then`.
    get: (_, name) => (typeof name !== 'string' || name === 'then' ? undefined : this.#declarer(name)),
  })

  /** The block for the variants of a request; the first of these that has one decides. */
  blockFor(variants: readonly string[]): FormatBlock | undefined {
    if (variants.length === 0) return this.#blocks.get('none') ?? this.#blocks.get(ANY)
    return this.#blocks.get(variants.find((variant) => this.#blocks.has(variant)) ?? ANY)
  }

  #declarer(name: string): (...args: readonly (string | FormatBlock)[]) => void {
    return (...args) => {
      const block = args.find((arg) => typeof arg === 'function')
      if (block === undefined) return
      const names = name === 'any' || name === 'all' ? args.filter((arg) => typeof arg === 'string') : [name]
      for (const one of names.length === 0 ? [ANY] : names) this.#blocks.set(one, block)
    }
  }
}

/** Does what a block of a format declares for the variants of a request. */
export function answerVariant(block: (variants: VariantResponder) => unknown, variants: readonly string[]): unknown {
  const declared = new Variants()
  const declaring = block(declared.responder)
  const answer = () => declared.blockFor(variants)?.()
  return isPromise(declaring) ? declaring.then(answer) : answer()
}
