import type { Readable } from 'node:stream'
import type { Metal } from './metal.ts'
import type { Renderers } from './register.ts'

/** Makes a body of what `render` was given; nothing when it has answered by itself, as with `sendData`. */
export type Renderer<T> = (
  this: Metal,
  value: T,
  options: Readonly<Record<string, unknown>>,
  controller: Metal,
) => string | Buffer | Readable | undefined

/** What `render` takes for the renderers that were added. */
export type CustomRender = {
  [K in keyof Renderers]: { readonly [P in K]: Renderers[K] } & Readonly<Record<string, unknown>>
}[keyof Renderers]

const renderers = new Map<string, Renderer<never>>()

/** Teaches `render` another kind of body: `render({ csv: rows })`. Its content type is that of the format of the same name, unless the renderer
 * or `contentType` says another; register a format that isn't known with `registerMediaType`.
 * @example
 * addRenderer('csv', (rows) => rows.map((row) => row.join(',')).join('\n'))
 */
export function addRenderer<K extends keyof Renderers & string>(name: K, renderer: Renderer<Renderers[K]>): void
export function addRenderer(name: string, renderer: Renderer<never>): void {
  renderers.set(name, renderer)
}

/** Forgets a renderer. */
export function removeRenderer(name: string): void {
  renderers.delete(name)
}

/** The renderer for one of these options; undefined when there is none. */
export function customRenderer(options: object): { name: string; render: Renderer<never> } | undefined {
  for (const [name, render] of renderers) if (Object.hasOwn(options, name)) return { name, render }
  return undefined
}
