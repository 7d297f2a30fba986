import { ConstantFinder, type FoundConstant } from './constant_finder.ts'
import { DataFiles } from './data_files.ts'
import { type ApplicationScope, emptyScope, evaluate, evaluateMethodBody, NotConstant, type Scope, tryEvaluate } from './evaluate.ts'
import { dataCall } from './data_calls.ts'
import { argumentsOf, type CallNode, constantPath, is, type NodeOf, type RubyNode } from './nodes.ts'
import type { RubySource } from './source.ts'
import type { RubyValue } from './values.ts'

/** A method of a module or class that was found in the application. */
export interface FoundMethod {
  readonly source: RubySource
  readonly node: NodeOf<'DefNode'>
}

/** How deep methods of the application may call each other while they are evaluated. */
const deepestCalls = 12

const notOurs = new Set([
  'Rails',
  'ENV',
  'Regexp',
  'CGI',
  'File',
  'Dir',
  'Time',
  'Date',
  'DateTime',
  'Random',
  'SecureRandom',
  'Process',
  'Kernel',
])

/** What the code of an application can tell without being run: its constants, its files of data, and methods of modules that only put such values together. */
export class KnownApplication implements ApplicationScope {
  readonly data: DataFiles
  readonly #constants: ConstantFinder
  readonly #findMethod: (owner: string, name: string) => FoundMethod | undefined
  #depth = 0

  constructor(root: string, findMethod: (owner: string, name: string) => FoundMethod | undefined) {
    this.data = new DataFiles(root)
    this.#constants = new ConstantFinder(root, this)
    this.#findMethod = findMethod
  }

  constant(path: string): RubyValue | undefined {
    return this.findConstant(path)?.value
  }

  /** The same, with the file that defines it. */
  findConstant(path: string): FoundConstant | undefined {
    return this.#constants.find(path)
  }

  call(call: CallNode, scope: Scope): RubyValue | undefined {
    return dataCall(call, scope, this.data) ?? this.#method(call, scope)
  }

  /** `Module.method(…)`, or `method(…)` within another method of the module. */
  #method(call: CallNode, scope: Scope): RubyValue | undefined {
    const receiver = call.receiver as RubyNode | null
    const owner = receiver === null || is(receiver, 'SelfNode') ? scope.owner : constantPath(receiver)
    if (owner === undefined || notOurs.has(owner) || call.block || this.#depth >= deepestCalls) return undefined
    const found = this.#findMethod(owner, call.name)
    const locals = found && boundParameters(found.node, call, scope)
    if (!found || !locals) return undefined
    this.#depth++
    try {
      return evaluateMethodBody(found.node.body as RubyNode | null, {
        ...constantScope(scope),
        locals,
        constants: new Map(),
        file: found.source.file,
        owner,
      })
    } catch (error) {
      if (error instanceof NotConstant) return undefined
      throw error
    } finally {
      this.#depth--
    }
  }
}

/** The scope in which nothing counts as constant that depends on where the port runs, such as `ENV`, or on constants that aren't found. */
export function constantScope(scope: Scope = emptyScope()): Scope {
  return {
    ...scope,
    isStrict: true,
    note: (node, reason) => {
      throw new NotConstant(node, reason)
    },
  }
}

function boundParameters({ parameters }: NodeOf<'DefNode'>, call: CallNode, scope: Scope): Map<string, RubyValue> | undefined {
  const { positional, pairs } = argumentsOf(call)
  const required = (parameters?.requireds ?? []) as { name?: string }[]
  const optional = (parameters?.optionals ?? []) as NodeOf<'OptionalParameterNode'>[]
  const others = parameters ? [...parameters.posts, ...parameters.keywords, parameters.rest, parameters.keywordRest, parameters.block] : []
  if (others.some(Boolean) || pairs.length > 0) return undefined
  if (positional.length < required.length || positional.length > required.length + optional.length) return undefined
  const locals = new Map<string, RubyValue>()
  for (const [index, parameter] of [...required, ...optional].entries()) {
    const given = positional[index]
    const value = given ? tryEvaluate(given, scope) : evaluate(optional[index - required.length]!.value as RubyNode, scope)
    if (parameter.name === undefined || value === undefined) return undefined
    locals.set(parameter.name, value)
  }
  return locals
}
