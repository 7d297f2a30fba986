import type { MountOptions } from '../types.ts'
import type { Drawing } from './drawing.ts'
import { drawMatch } from './matching.ts'
import { underscore } from '../../naming/index.ts'

/** Mounts an endpoint below a path. */
export function drawMount(drawing: Drawing, endpoint: unknown, options: MountOptions): void {
  if ((typeof endpoint !== 'function' && typeof endpoint !== 'object') || endpoint === null) {
    drawing.fail('mount needs something that answers requests: an Express application, a router or a handler.')
  }
  const { at, ...rest } = options ?? {}
  if (typeof at !== 'string') drawing.fail("mount needs the path to mount at: mount(app, { at: '/path' }).")
  const as = rest.as ?? className(endpoint) ?? null
  drawMatch(drawing, at, { via: 'all', anchor: false, format: false, ...rest, as, to: endpoint })
}

/** A named set of routes and a class give the mount its name; functions and other objects don't. */
function className(endpoint: object): string | undefined {
  const { options } = endpoint as { options?: { name?: unknown } }
  if (typeof endpoint === 'object' && typeof options?.name === 'string') return underscore(options.name).replaceAll('/', '_')
  if (typeof endpoint !== 'function' || !/^class\b/.test(Function.prototype.toString.call(endpoint)) || endpoint.name === '')
    return undefined
  return underscore(endpoint.name).replaceAll('/', '_')
}
