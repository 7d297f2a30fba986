import type { ParameterHash } from '../http/index.ts'
import { createParameterHash, mergeParameters } from '../http/index.ts'
import { singularize, underscore } from '../naming/index.ts'
import type { Metal } from './metal.ts'
import { controllerSettings } from './settings.ts'

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
const never = new Set(['authenticity_token', '_method', 'utf8'])

/** Remembers what `static wrapParameters` said. */
export function declareWrapping(controller: object, options: WrapParameters | false): void {
  declared.set(controller, options)
}

/** The parameters of a request, the wrapped ones among them. A request without a content type pays one look-up. */
export function parametersOf(controller: Metal): ParameterHash {
  const { request } = controller
  return request.raw.headers['content-type'] === undefined ? request.parameters : withWrapped(controller)
}

function withWrapped(controller: Metal): ParameterHash {
  const { parameters, requestParameters: body, mediaType = '' } = controller.request
  const options = optionsOf(controller.constructor)
  if (options === false) return parameters
  const formats = options.formats ?? controllerSettings.wrapParametersFormats
  const name = options.name ?? nameOf(controller.constructor)
  if (!formats.includes(mediaType) || name === '' || name in parameters) return parameters
  const names = options.include ?? (options.exclude === undefined ? controllerSettings.attributesToWrap?.(name) : undefined)
  const wrapped = createParameterHash()
  for (const key of names ?? Object.keys(body)) {
    if (key in body && !options.exclude?.includes(key) && !never.has(key)) wrapped[key] = body[key]!
  }
  return mergeParameters(parameters, { [name]: wrapped })
}

function optionsOf(controller: Function): WrapParameters | false {
  for (let one: unknown = controller; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    const options = declared.get(one)
    if (options !== undefined) return options
  }
  return {}
}

const names = new WeakMap<object, string>()

function nameOf(controller: Function): string {
  let name = names.get(controller)
  if (name === undefined) {
    name = singularize(underscore(controller.name.replace(/Controller$/, '')))
    names.set(controller, name)
  }
  return name
}
