import { camelize, classify, humanize, singularize } from '../naming/index.ts'
import { type Documentation, type DocumentedParameter, hasFile } from './comment_documentation.ts'
import { type ControllerClass, isFilterActive } from './controller_class.ts'
import type { Method, Operation, Parameter, Reference, RequestBody, ResponseObject, Schema } from './document.ts'
import type { RouteInfo } from './inputs.ts'
import type { ModelSchemas } from './model_schemas.ts'
import { guessParameterSchema } from './parameter_guesses.ts'
import { readParameters, type ReadParameters } from './permit_lists.ts'
import { literalStatuses, statusText } from './statuses.ts'

/** Everything one operation is made from. */
export interface OperationSource {
  readonly route: RouteInfo
  /** The name of the method that answers it. */
  readonly action: string
  readonly method: Method
  readonly pathParameters: readonly string[]
  readonly lineage: readonly ControllerClass[]
  /** Of the action, then of its classes, nearest first. */
  readonly documentation: readonly Documentation[]
  readonly models: ModelSchemas
  readonly security: Record<string, string[]>[]
  /** The tag of a controller whose comment names none. */
  readonly tag: (controller: string) => string
}

/** The methods whose parameters come in the URL. */
const withoutBody = ['get', 'delete', 'head', 'options']

/** Builds the documentation of one route under one method. */
export function buildOperation(source: OperationSource): Operation {
  const { route, action, method, lineage, documentation, models, security } = source
  const { controller = '', action: named = '' } = route
  const [own, ...classes] = documentation
  const model = modelOf(controller, models)
  const read = readParameters(lineage, action, models, model)
  const documented = (own?.parameters ?? []) as readonly (DocumentedParameter | Reference)[]
  const isForm = documented.some((parameter) => 'name' in parameter && parameter.schema !== undefined && hasFile(parameter.schema))
  const parameters = parametersOf(source, read, documented, model, isForm)
  const requestBody = isForm
    ? formBody(documented, source.pathParameters)
    : (own?.request ?? permittedBody(method, read, source.pathParameters))
  return {
    operationId: own?.operationId ?? camelize(`${controller.replaceAll('/', '_')}_${named}`, 'lower'),
    summary: own?.summary ?? summaryOf(controller, named),
    ...(own?.description ? { description: own.description } : {}),
    tags: firstOf(documentation.map(({ tags }) => tags)) ?? [source.tag(controller)],
    ...([own, ...classes].some((part) => part?.isDeprecated) ? { deprecated: true } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: responsesOf(lineage, action, documentation),
    ...(security.length > 0 ? { security } : {}),
  }
}

/** `api/v1/users` → `v1/Users`, `articles` → `Articles`. */
export function tagOf(controller: string): string {
  const segments = controller.split('/')
  const name = camelize(segments.at(-1) ?? controller, 'upper')
  const version = segments.slice(0, -1).find((segment) => /^v\d+$/i.test(segment))
  return version === undefined ? name : `${version}/${name}`
}

function modelOf(controller: string, models: ModelSchemas): string | undefined {
  const name = classify(controller.split('/').at(-1) ?? '')
  return models.has(name) ? name : undefined
}

function summaryOf(controller: string, action: string): string {
  const things = humanize(controller.split('/').at(-1) ?? '').toLowerCase()
  const thing = singularize(things)
  const known: Record<string, string> = {
    index: `List ${things}`,
    show: `Show ${thing}`,
    create: `Create ${thing}`,
    update: `Update ${thing}`,
    destroy: `Delete ${thing}`,
  }
  return Object.hasOwn(known, action) ? (known[action] as string) : humanize(action)
}

function parametersOf(
  { route, method, pathParameters, models }: OperationSource,
  read: ReadParameters,
  documented: readonly (DocumentedParameter | Reference)[],
  model: string | undefined,
  isForm: boolean,
): (Parameter | Reference)[] {
  const named = new Map(documented.flatMap((parameter) => ('name' in parameter ? [[parameter.name, parameter] as const] : [])))
  const parameters = new Map<string, Parameter | Reference>()
  for (const name of pathParameters) {
    const comment = named.get(name)
    const schema = comment?.schema ?? pathSchema(name, route.requirements?.[name], models, model)
    parameters.set(name, {
      name,
      in: 'path',
      required: true,
      schema,
      ...(comment?.description ? { description: comment.description } : {}),
    })
  }
  if (withoutBody.includes(method))
    for (const [name, schema] of queryOf(read)) if (!parameters.has(name)) parameters.set(name, { name, in: 'query', schema })
  for (const parameter of documented) {
    if (!('name' in parameter)) parameters.set(parameter.$ref, parameter)
    else if (!isForm && !pathParameters.includes(parameter.name)) {
      const derived = parameters.get(parameter.name)
      const schema = parameter.schema ?? (derived && 'schema' in derived ? derived.schema : guessParameterSchema(parameter.name))
      parameters.set(parameter.name, { ...parameter, schema, in: 'query' })
    }
  }
  return [...parameters.values()]
}

function pathSchema(name: string, requirement: RegExp | string | undefined, models: ModelSchemas, model: string | undefined): Schema {
  const schema = attributeBehind(name, models, model) ?? guessParameterSchema(name)
  const { type, format } = schema
  const single = Array.isArray(type) ? type.find((kind) => kind !== 'null') : type
  const plain: Schema = {
    ...(single ? { type: single } : {}),
    ...(format ? { format } : {}),
    ...(schema.enum ? { enum: schema.enum } : {}),
  }
  if (!(requirement instanceof RegExp) || requirement.flags !== '') return plain
  return single === 'string' ? { ...plain, pattern: `^(?:${requirement.source})$` } : plain
}

/** `id` is the controller's model's key, `slug` its attribute, `article_slug` an attribute of Article, `article_id` its key. */
function attributeBehind(name: string, models: ModelSchemas, model: string | undefined): Schema | undefined {
  if (name === 'id') return models.keySchema(model)
  const own = models.attributeSchema(model, name)
  const at = name.lastIndexOf('_')
  if (own !== undefined || at < 0) return own
  const [owner, attribute] = [classify(name.slice(0, at)), name.slice(at + 1)]
  return attribute === 'id' ? models.keySchema(owner) : models.attributeSchema(owner, attribute)
}

function queryOf(read: ReadParameters): [string, Schema][] {
  const nested = [...read.roots].flatMap(([root, schema]) =>
    Object.entries(schema.properties ?? {}).map(([name, property]): [string, Schema] => [`${root}[${name}]`, property]),
  )
  return [...read.loose, ...nested]
}

/** What the permit lists say: roots are required, as `require` raises without them. */
function permittedBody(method: Method, read: ReadParameters, pathParameters: readonly string[]): RequestBody | undefined {
  if (withoutBody.includes(method)) return undefined
  const loose = [...read.loose].filter(([name]) => read.permitted.has(name) && !pathParameters.includes(name))
  const properties = Object.fromEntries([...read.roots, ...loose].filter(([name]) => !pathParameters.includes(name)))
  if (Object.keys(properties).length === 0) return undefined
  const required = [...read.roots.keys()].filter((name) => !pathParameters.includes(name))
  const schema: Schema = { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
  return { ...(required.length > 0 ? { required: true } : {}), content: { 'application/json': { schema } } }
}

/** Parameters with a file among them are a form. */
function formBody(documented: readonly (DocumentedParameter | Reference)[], pathParameters: readonly string[]): RequestBody {
  const fields = documented.filter(
    (parameter): parameter is DocumentedParameter => 'name' in parameter && !pathParameters.includes(parameter.name),
  )
  const required = fields.filter((field) => field.required).map(({ name }) => name)
  const properties = fields.map(({ name, schema = guessParameterSchema(name), description }) => [
    name,
    description ? { ...schema, description } : schema,
  ])
  const schema: Schema = { type: 'object', properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}) }
  return { required: true, content: { 'multipart/form-data': { schema } } }
}

/** Documented responses win over those the source shows; the action's over its class's. */
function responsesOf(
  lineage: readonly ControllerClass[],
  action: string,
  documentation: readonly Documentation[],
): Record<string, ResponseObject | Reference> {
  const responses = new Map<string, ResponseObject | Reference>()
  const documented = new Map([...documentation].reverse().flatMap((part) => [...part.responses]))
  const shown = literalStatuses(lineage, action)
  for (const filter of new Set(lineage.flatMap((owner) => owner.filters).flatMap(({ names }) => names))) {
    if (!isFilterActive(lineage, filter, action)) continue
    for (const status of literalStatuses(lineage, filter)) if (isError(status)) shown.add(status)
  }
  const successes = [...documented.keys()].filter((status) => !isError(status))
  if (successes.length === 0 && ![...shown].some((status) => !isError(status))) shown.add('200')
  for (const status of shown) if (isError(status) || successes.length === 0) responses.set(status, { description: statusText(status) })
  for (const [status, response] of documented) responses.set(status, response)
  return Object.fromEntries([...responses].sort(([one], [other]) => (one < other ? -1 : 1)))
}

function isError(status: string): boolean {
  return status >= '400'
}

function firstOf(lists: readonly (readonly string[])[]): string[] | undefined {
  const found = lists.find((list) => list.length > 0)
  return found && [...found]
}
