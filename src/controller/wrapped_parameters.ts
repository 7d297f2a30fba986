import type { ParameterHash } from '../http/index.ts'
import { createParameterHash, mediaTypeOf, mergeParameters } from '../http/index.ts'
import { singularize, underscore } from '../naming/index.ts'
import type { Metal } from './metal.ts'
import { settingsInForce } from './settings.ts'

/** How the values of a body are put below a name of their own as well. */
export interface WrapParameters {
  /** Default: the controller's name, in the singular (`OrdersController` → `order`). */
  readonly name?: string
  /** Default: the attributes of the controller's model, or all. */
  readonly include?: string | readonly string[]
  readonly exclude?: string | readonly string[]
  /** Formats (`json`) or media types; default: `config.controller.wrapParametersFormats`. */
  readonly format?: string | readonly string[]
  /** Another name for `format`. */
  readonly formats?: readonly string[]
}

/** What `wrapParameters` takes first: the name, the model whose name and attributes are meant, options, or `false`. */
export type WrapTarget = string | ModelClass | WrapParameters | false
type ModelClass = abstract new (...args: never[]) => object

/** Options as a request needs them. */
interface Wrapping {
  readonly name: string | undefined
  /** What the attributes are looked up by. */
  readonly model: string | undefined
  readonly include: readonly string[] | undefined
  readonly exclude: readonly string[] | undefined
  readonly formats: readonly string[] | undefined
}

/** What holds for a class. */
interface Resolved {
  readonly options: Wrapping | false
  readonly name: string
  readonly model: string
}

const unsaid: Wrapping = { name: undefined, model: undefined, include: undefined, exclude: undefined, formats: undefined }
const declared = new WeakMap<object, Wrapping | false>()
/** What holds for a class and its name, so that a request needn't look through its parents. */
let found = new WeakMap<object, Resolved>()

/** Remembers what `static wrapParameters` said. */
export function declareWrapping(controller: object, target: WrapTarget, options: WrapParameters = {}): void {
  declared.set(controller, target === false ? false : wrappingFor(target, options))
  found = new WeakMap()
}

function wrappingFor(target: string | ModelClass | WrapParameters, options: WrapParameters): Wrapping {
  if (typeof target === 'string') return wrappingFor({ ...options, name: target }, {})
  if (typeof target === 'function') {
    const name = underscore(target.name)
    return { ...wrappingFor({ name, ...options }, {}), model: name }
  }
  const { name, include, exclude, format, formats = list(format) } = { ...options, ...target }
  return { name, model: undefined, include: list(include), exclude: list(exclude), formats }
}

function list(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof value === 'string' ? [value] : value
}

/** The parameters of a request, the wrapped ones among them. A request without a content type pays one look-up. */
export function parametersOf(controller: Metal): ParameterHash {
  const { request } = controller
  return request.raw.headers['content-type'] === undefined ? request.parameters : withWrapped(controller)
}

function withWrapped(controller: Metal): ParameterHash {
  const { request } = controller
  const { requestParameters: body, queryParameters: query, pathParameters: path, mediaType = '' } = request
  const { options, name, model } = wrappingOf(controller.constructor)
  if (options === false || name === '') return request.parameters
  const formats = options.formats ?? settingsInForce().wrapParametersFormats
  if (!formats.includes(mediaType) || name in body || name in query || name in path) return request.parameters
  const merged = mergeParameters(body, query, path)
  merged[name] = wrapped(body, model, options)
  return merged
}

function wrapped(body: ParameterHash, model: string, { include, exclude }: Wrapping): ParameterHash {
  const names = include ?? (exclude === undefined ? settingsInForce().attributesToWrap?.(model) : undefined)
  const hash = createParameterHash()
  if (names === undefined) {
    for (const key in body) if (isWrapped(key, exclude)) hash[key] = body[key]!
  } else {
    for (const key of names) if (key in body && isWrapped(key, exclude)) hash[key] = body[key]!
  }
  return hash
}

function isWrapped(key: string, exclude: readonly string[] | undefined): boolean {
  return key !== 'authenticity_token' && key !== '_method' && key !== 'utf8' && exclude?.includes(key) !== true
}

function wrappingOf(controller: Function): Resolved {
  let wrapping = found.get(controller)
  if (wrapping === undefined) {
    wrapping = resolved(optionsOf(controller), nameOf(controller))
    found.set(controller, wrapping)
  }
  return wrapping
}

/** Formats by their media types, which an initializer may have registered. */
function resolved(options: Wrapping | false, own: string): Resolved {
  if (options === false) return { options, name: '', model: '' }
  const formats = options.formats?.map((one) => mediaTypeOf(one) ?? one)
  return { options: { ...options, formats }, name: options.name ?? own, model: options.model ?? own }
}

function optionsOf(controller: Function): Wrapping | false {
  for (let one: unknown = controller; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    const options = declared.get(one)
    if (options !== undefined) return options
  }
  return unsaid
}

function nameOf(controller: Function): string {
  return singularize(underscore(controller.name.replace(/Controller$/, '')))
}
