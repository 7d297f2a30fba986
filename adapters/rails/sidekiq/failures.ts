import { type CompleteItem, countOf, milliseconds, payloadText, type SidekiqWrite } from './item.ts'

/** What becomes of a job that failed. */
export interface FailureOptions {
  /** Seconds since the epoch. */
  readonly now: number
  readonly error: { readonly name: string; readonly message: string }
  /** A number from 0 up to 1. Default: by chance. */
  readonly random?: () => number
  /** Gives it up at once: it goes to the dead set, or nowhere. */
  readonly giveUp?: 'kill' | 'discard' | undefined
}

const defaultRetries = 25
const longestMessage = 10_000

/** Seconds until a job that has failed `count` times before is tried again, by Sidekiq's rule, without the part left to chance.
 * @example retryDelay(2) // 31 */
export function retryDelay(count: number): number {
  return count ** 4 + 15
}

/** Seconds by which a retry may come later, so that those that failed together don't come back together. */
export function retryJitter(count: number, random: () => number): number {
  return Math.floor(random() * 10) * (count + 1)
}

/** What is written when a job failed: it is retried, or goes to the dead set, or (undefined) is forgotten. */
export function writeOfFailure(item: CompleteItem, { now, error, random = Math.random, giveUp }: FailureOptions): SidekiqWrite | undefined {
  if (item.retry === false || giveUp === 'discard') return undefined
  const most = typeof item.retry === 'number' ? item.retry : defaultRetries
  const { retry_queue, retry_count } = item
  const before = countOf(retry_count)
  const count = before === undefined ? 0 : before + 1
  const failed: Record<string, unknown> = {
    ...item,
    queue: typeof retry_queue === 'string' ? retry_queue : item.queue,
    error_message: error.message.slice(0, longestMessage),
    error_class: error.name,
  }
  if (before !== undefined) failed['retried_at'] = now
  else failed['failed_at'] = now
  failed['retry_count'] = count
  const payload = payloadText(failed as unknown as CompleteItem)
  const lifetime = item['retry_for']
  const isOver = typeof lifetime === 'number' ? milliseconds(failed['failed_at']) / 1000 + lifetime < now : count >= most
  if (isOver || giveUp === 'kill') return item['dead'] === false ? undefined : { to: 'dead', score: now, payload }
  return { to: 'retry', score: now + retryDelay(count) + retryJitter(count, random), payload }
}
