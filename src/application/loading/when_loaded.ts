const loading = new Set<Promise<void>>()

/** Fills in what a file imports in a circle: a file that others need first, to extend or mix in what it defines, can't import them at its head,
 * since they would be loaded before it. Boot waits until all is filled in.
 *
 * @param module an import that was begun
 * @param fill takes what the module exports
 * @example
 * let Article: typeof import('./article.ts').Article
 * whenLoaded(import('./article.ts'), (module) => {
 *   Article = module.Article
 * })
 */
export function whenLoaded<T>(module: Promise<T>, fill: (module: T) => void): void {
  const filled = module.then(fill)
  loading.add(filled)
  filled.then(
    () => loading.delete(filled),
    () => {}, // told to whoever waits
  )
}

/** Waits for what {@link whenLoaded} fills in.
 * @throws what a module threw while it was loaded
 */
export async function untilLoaded(): Promise<void> {
  while (loading.size > 0) {
    const begun = [...loading]
    loading.clear()
    await Promise.all(begun)
  }
}
