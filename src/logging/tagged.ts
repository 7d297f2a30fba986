import { currentExecution, withExecution } from '../context/index.ts'

/** Runs `work` with tags in front of its log lines (a field `tags` in structured ones), behind those that are there.
 * @example tagged('import', file, () => importRows(rows))
 */
export function tagged<T>(...args: readonly [...tags: string[], work: () => T]): T {
  const tags = args.slice(0, -1) as string[]
  const work = args.at(-1) as () => T
  return withExecution({ logTags: [...(currentExecution()?.logTags ?? []), ...tags] }, work)
}
