import { subscribe, subscribed, type NotificationEvent, type TimedArguments } from '../../src/notifications/index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const exactly = <_T extends true>(): void => {}

export function untyped(): void {
  subscribe('a', (event) => {
    exactly<Equal<typeof event, NotificationEvent>>()
  })
  subscribe(/a/, (name, started, finished, id, payload) => {
    exactly<Equal<[typeof name, typeof started, typeof finished], [string, Date, Date]>>()
    exactly<Equal<[typeof id, typeof payload], [string, Record<string, unknown>]>>()
  })
  subscribe(undefined, (name, started) => {
    exactly<Equal<[typeof name, typeof started], [string, Date]>>()
  })
  subscribe('a', (event) => void event.duration, { monotonic: true })
  subscribe('a', () => {})
  subscribe('a', async () => {})
  // @ts-expect-error five arguments come, or the event: what they are must be said
  subscribe('a', (...args) => void args)
  // @ts-expect-error as well with options
  subscribe('a', (...args) => void args, { monotonic: true })
  subscribed(
    'a',
    (event) => {
      exactly<Equal<typeof event, NotificationEvent>>()
    },
    () => 1,
  )
  // @ts-expect-error as well for a while
  subscribed('a', (...args) => void args, alike)
}

export function objects(): void {
  subscribe('a', { call: (event: NotificationEvent) => void event.duration })
  subscribe(
    'a',
    class {
      static call(...args: TimedArguments) {
        void args
      }
    },
  )
  // @ts-expect-error an event comes, or the five
  subscribe('a', { call: (event: boolean) => void event })
  // @ts-expect-error functions have another call
  subscribe('a', (event: boolean) => void event)
}

const alike = () => 1

export function typed(): void {
  const count: number = subscribed(
    'a',
    (...args: TimedArguments) => void args,
    () => 1,
  )
  subscribe('a', (...args: TimedArguments) => void args)
  subscribe('a', (...args: TimedArguments<number>) => void (args[2] - args[1] + count), { monotonic: true })
  subscribe('a', (_name: string, started: number) => void started.toFixed(), { monotonic: true })
  subscribe('a', { start: (name) => void name.length, finish: () => {} })
  subscribed(
    'a',
    (_name: string, started: number) => void started.toFixed(),
    () => 1,
    { monotonic: true },
  )
  // @ts-expect-error dates come where no monotonic times are asked for
  subscribed('a', (_name: string, started: number) => void started.toFixed(), alike)
  // @ts-expect-error dates come where no monotonic times are asked for
  subscribe('a', (_name: string, started: number) => void started.toFixed())
  // @ts-expect-error no event is a number
  subscribe('a', (event: number) => event)
}
