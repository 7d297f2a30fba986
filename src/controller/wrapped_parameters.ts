import type { ParameterHash } from '../http/index.ts'
import { createParameterHash, mergeParameters } from '../http/index.ts'
import { singularize, underscore } from '../naming/index.ts'
import type { Metal } from './metal.ts'
import { settingsInForce } from './settings.ts'

/** How the values of a body are put below a name of their own as well. */
export interface WrapParameters {
  /** Default: the controller's name, in the singular (`OrdersController` → `order`). */
  readonly name?: string
  /** Default: the attributes of the model of that name, or all. */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** Media types; default: `config.controller.wrapParametersFormats`. */
  readonly formats?: readonly string[]
}

const declared = new WeakMap<object, WrapParameters | false>()
/** What holds for a class and its name, so that a request needn't look through its parents. */
let found = new WeakMap<object, { readonly options: WrapParameters | false; readonly name: string }>()

/** Remembers what `static wrapParameters` said. */
export function declareWrapping(controller: object, options: WrapParameters | false): void {
  declared.set(controller, options)
  found = new WeakMap()
}

/** The parameters of a request, the wrapped ones among them. A request without a content type pays one look-up. */
export function parametersOf(controller: Metal): ParameterHash {
  const { request } = controller
  return request.raw.headers['content-type'] === undefined ? request.parameters : withWrapped(controller)
}

function withWrapped(controller: Metal): ParameterHash {
  const { request } = controller
  const { requestParameters: body, queryParameters: query, pathParameters: path, mediaType = '' } = request
  const { options, name } = wrappingOf(controller.constructor)
  if (options === false || name === '') return request.parameters
  const formats = options.formats ?? settingsInForce().wrapParametersFormats
  if (!formats.includes(mediaType) || name in body || name in query || name in path) return request.parameters
  const merged = mergeParameters(body, query, path)
  merged[name] = wrapped(body, name, options)
  return merged
}

function wrapped(body: ParameterHash, name: string, { include, exclude }: WrapParameters): ParameterHash {
  const names = include ?? (exclude === undefined ? settingsInForce().attributesToWrap?.(name) : undefined)
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

function wrappingOf(controller: Function): { readonly options: WrapParameters | false; readonly name: string } {
  let wrapping = found.get(controller)
  if (wrapping === undefined) {
    const options = optionsOf(controller)
    wrapping = { options, name: options === false ? '' : (options.name ?? nameOf(controller)) }
    found.set(controller, wrapping)
  }
  return wrapping
}

function optionsOf(controller: Function): WrapParameters | false {
  for (let one: unknown = controller; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    const options = declared.get(one)
    if (options !== undefined) return options
  }
  return {}
}

function nameOf(controller: Function): string {
  return singularize(underscore(controller.name.replace(/Controller$/, '')))
}
