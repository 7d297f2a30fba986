/** A Ruby hash with symbol keys, or a tagged value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonHash = { [key: string]: Json }

/** One DSL call of a recorded routes file. */
export interface Call {
  readonly call: string
  readonly args?: Json[]
  readonly opts?: JsonHash
  readonly block?: Json
  readonly children?: Call[]
  readonly raised?: string
}

export interface TableRow {
  readonly i: number
  readonly name: string | null
  readonly verb: string
  readonly path: string
  readonly kind: 'dispatcher' | 'redirect' | 'rack' | 'engine'
  readonly controller?: string
  readonly action?: string
  readonly defaults: JsonHash
  readonly required_defaults: JsonHash
  readonly requirements?: JsonHash
  readonly constraints?: JsonHash
  readonly parts: string[]
  readonly required_parts: string[]
  readonly anchored: boolean
}

/** A lambda, class or object of the recorded test. */
export interface Opaque {
  readonly id: string
  readonly role: string
  readonly kind: string
  readonly name?: string | undefined
}

export interface Draw {
  readonly opaques?: Opaque[] | null
  readonly trace: Call[] | null
  /** The same as Ruby text. */
  readonly expanded?: string
  readonly table: TableRow[] | null
  readonly rails_routes?: string
  readonly error?: { readonly class: string; readonly message: string }
  readonly config?: { readonly api_only?: boolean; readonly relative_url_root?: string }
  readonly default_url_options?: JsonHash
  readonly resources_path_names?: Record<string, string>
  readonly cumulative?: boolean
}

export interface Router {
  readonly draw: number
  readonly method: string
  readonly path_info: string
  readonly location?: string
  readonly remote_addr?: string
  readonly tried: { readonly draw: number; readonly route: number; readonly params: JsonHash }[]
  readonly matched: { readonly draw: number; readonly route: number } | null
}

export interface GoldenRequest {
  readonly method: string
  readonly path: string
  readonly host: string
  readonly https?: boolean
  readonly headers?: Record<string, string>
  readonly env?: Record<string, Json>
  readonly script_name?: string
  readonly router: Router[]
  readonly outcome: 'dispatch' | 'rack' | 'not_found' | 'redirect' | 'raised'
}

export interface Helper {
  readonly kind: 'named' | 'url_for' | 'recognize_path' | 'generate_extras' | 'extra_keys' | 'custom' | 'polymorphic'
  readonly name: string
  readonly args: Json[]
  readonly draw: number
  /** The request in which it was called. */
  readonly in_request?: number
  /** Whether Rails could write the path from the arguments alone. */
  readonly optimized?: boolean
  readonly globals?: { readonly secure_protocol?: boolean }
  readonly url_options?: JsonHash
  readonly default_url_options?: JsonHash
  readonly result?: Json
  readonly error?: { readonly class: string; readonly message: string }
}

export interface RoutingTest {
  readonly id: string
  readonly class: string
  readonly classification: 'portable' | 'ruby-only'
  readonly draws: Draw[]
  readonly requests: GoldenRequest[]
  readonly helpers: Helper[]
  readonly inspections?: { readonly formatter: string; readonly filter: { controller?: string; grep?: string }; readonly output: string }[]
}
