/** Where cached values are kept: the port that a cache needs. Values are given and come back as copies. */
export interface CacheStore {
  /** What a store is called in events. */
  readonly name: string
  /** @returns undefined when there is none, or it has expired */
  read(key: string): { readonly value: unknown } | undefined | Promise<{ readonly value: unknown } | undefined>
  /** @param expiresAt milliseconds since 1970; undefined to keep it */
  write(key: string, value: unknown, expiresAt: number | undefined): void | Promise<void>
  /** @returns whether there was one */
  delete(key: string): boolean | Promise<boolean>
  /** Adds to a number, which begins at 0, in one step.
   * @returns the sum
   */
  increment(key: string, amount: number, expiresAt: number | undefined): number | Promise<number>
  clear(): void | Promise<void>
}
