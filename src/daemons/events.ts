import { channel } from '../notifications/index.ts'
import type { DaemonClass } from './daemon.ts'

const performs = channel('perform.daemon')
const restarts = channel('restart.daemon')
const stops = channel('stop.daemon')

/** A run of a daemon as the event `perform`: `run` counts from 1. */
export function observedRun<T>(daemon: DaemonClass, run: number, work: () => Promise<T>): Promise<T> {
  return performs.isOn ? performs.instrument({ daemon: daemon.name, run }, work) : work()
}

/** Tells that a daemon begins again, `wait` in seconds; with the error that ended it, if one did. */
export function tellRestart(daemon: DaemonClass, wait: number, error: unknown): void {
  restarts.publish({ daemon: daemon.name, wait, ...(error !== undefined && { error }) })
}

/** Tells that a daemon has ended for good: it said so, or the process ends. */
export function tellStop(daemon: DaemonClass, reason: 'asked' | 'shutdown'): void {
  stops.publish({ daemon: daemon.name, reason })
}
