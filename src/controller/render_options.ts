import type { Readable } from 'node:stream'
import type { CustomRender } from './custom_renderers.ts'
import type { AsJsonOptions } from './json/as_json.ts'
import type { Status } from './statuses.ts'
import type { UrlTarget } from './urls.ts'

/** What goes with a body, whatever it is. */
export interface AnyRender {
  /** Default 200, or what `this.status` was set to. */
  readonly status?: Status | undefined
  /** `; charset=utf-8` is added unless it names a charset. */
  readonly contentType?: string | undefined
  /** The Location header: a path or URL, or a record whose URL it is. */
  readonly location?: UrlTarget | undefined
}

/** What `render({ json })` takes beside what is said about records. */
export interface JsonRender {
  readonly json: unknown
  /** Wraps the JSON in a call of this function (JSONP). */
  readonly callback?: string | undefined
  /** Whether `<`, `>` and `&` are escaped, for JSON that is put into HTML. Default: `config.controller.escapeHtmlInJson`. */
  readonly escape?: boolean | undefined
}

/** A body that is sent piece by piece, as fast as the client reads it. */
export type StreamableBody =
  | Readable
  | ReadableStream<Uint8Array | string>
  | AsyncIterable<string | Uint8Array>
  | Iterable<string | Uint8Array>
  | Uint8Array

/** What `render` takes: one kind of body, and what goes with it. */
export type RenderOptions = BuiltInRender | (AnyRender & CustomRender)

/** The kinds of bodies that nobody has to add. */
export type BuiltInRender = AnyRender &
  (
    | (JsonRender & AsJsonOptions)
    | { readonly plain: unknown }
    | { /** Sent as it is: escape what comes from outside. */ readonly html: string }
    | { /** Text is sent as it is; of hashes, lists and records XML is made. */ readonly xml: string | object }
    | { readonly js: string }
    | { readonly markdown: string }
    | { readonly svg: string }
    | { readonly body: string | Buffer | StreamableBody | null }
    | { readonly status: Status }
  )
