import { expect } from 'chai'
import { camelize } from '../../../../src/naming/index.ts'
import { RegaugeError } from '../../../../src/errors/index.ts'
import { helperName, type PathParameters, type RouteSet, type UrlOptions } from '../../../../src/routing/index.ts'
import { urlOptionsOf } from './draw_trace.ts'
import type { Helper, Json } from './types.ts'
import { fromJson } from './values.ts'

/** Calls what a recorded test called, and compares the result, or that there was an error. */
export function checkHelper(routes: RouteSet, helper: Helper): void {
  const title = `${helper.name}(${JSON.stringify(helper.args).slice(1, -1)})`
  if (helper.error !== undefined) checkError(routes, helper, title)
  else expect(call(routes, helper), title).to.deep.equal(plain(fromJson(helper.result)))
}

function checkError(routes: RouteSet, helper: Helper, title: string): void {
  let error: unknown
  try {
    call(routes, helper)
  } catch (thrown) {
    error = thrown
  }
  if (error === undefined) throw new Error(`${title} should fail: ${helper.error!.message}`)
  if (!(error instanceof RegaugeError)) {
    if (/^ActionController::(?:UrlGeneration|Routing)Error$/.test(helper.error!.class)) throw error
    return
  }
  const { missing = [], unmatched = [] } = error.details as { missing?: string[]; unmatched?: string[] }
  if (helper.error!.class === 'ActionController::UrlGenerationError') {
    expect([...missing].sort(), title).to.deep.equal(namesAfter('missing required keys', helper.error!.message))
    expect([...unmatched].sort(), title).to.deep.equal(namesAfter('possible unmatched constraints', helper.error!.message))
  }
}

function namesAfter(title: string, message: string): string[] {
  const list = new RegExp(`${title}: \\[([^\\]]*)\\]`).exec(message)?.[1] ?? ''
  return list === '' ? [] : list.split(', ').map((name) => name.slice(1))
}

function call(routes: RouteSet, helper: Helper): unknown {
  const args = helper.args.map(argumentOf)
  const { _recall: recall, ...options } = fromJson(helper.url_options ?? {}) as { _recall?: Record<string, unknown> }
  const url = routes.helpersFor({
    ...urlOptionsOf(options),
    ...placeOptions(helper),
    ...(recall !== undefined && { _recall: urlOptionsOf(recall) }),
  })
  switch (helper.kind) {
    case 'named':
    case 'custom': {
      const name = helperName(helper.name)
      const method = url.named[name]
      if (method === undefined) throw new Error(`there is no helper ${name}`)
      return method(...args)
    }
    case 'url_for':
      return helper.name === 'RouteSet#url_for' ? routes.urlFor(args[0]) : url.urlFor(args[0])
    case 'polymorphic':
      return helper.name.endsWith('path')
        ? url.polymorphicPath(args[0], args[1] as UrlOptions)
        : url.polymorphicUrl(args[0], args[1] as UrlOptions)
    case 'recognize_path':
      return plain(routes.recognizePath(args[0] as string, recognizeOptions(args[1] as Record<string, unknown> | undefined, helper)))
    case 'generate_extras':
      return routes.generateExtras(args[0] as UrlOptions, args[1] as PathParameters)
    case 'extra_keys':
      return routes.generateExtras(args[0] as UrlOptions, args[1] as PathParameters)[1]
  }
}

/** What the place of the call decides, beside the recorded options. */
function placeOptions({ kind, in_request: inRequest, optimized, result }: Helper): Record<string, unknown> {
  // A template's urlFor leaves the host out; that it was called in one shows in the result only.
  if (kind === 'url_for' && inRequest !== undefined && typeof result === 'string' && result.startsWith('/')) return { onlyPath: true }
  // Any default option keeps a helper from writing the path from its arguments alone, which is what the recorded test switched off.
  return optimized === false && kind === 'named' ? { trailingSlash: undefined } : {}
}

function recognizeOptions(options: Record<string, unknown> | undefined, helper: Helper): object {
  const missing = /references missing controller: (\S+)Controller/.exec(helper.error?.message ?? '')?.[1]
  return { ...options, ...(missing !== undefined && { hasController: (controller: string) => camelize(controller) !== missing }) }
}

function argumentOf(value: Json): unknown {
  const read = fromJson(value)
  return typeof read === 'object' && read !== null && Object.getPrototypeOf(read) === Object.prototype
    ? urlOptionsOf(read as Record<string, unknown>)
    : read
}

function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : value
}
