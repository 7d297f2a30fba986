import { argumentsOf, blockOf, type CallNode, is, type NodeOf, parameterNames, type RubyNode, statementsOf } from '../ruby/index.ts'
import { array, arrow, call as callCode, type Code, object, type Statement } from '../typescript/index.ts'
import { expression, inline } from './expressions.ts'
import { optionProperties } from './options.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

/** Translates `direct` and `resolve`: the block is given the helper's arguments, its options and the helpers. */
export function customUrl(node: CallNode, translation: Translation): Code {
  const { positional, pairs } = argumentsOf(node)
  const names = positional.map((argument) => expression(argument, translation))
  const options = pairs.length > 0 ? [object(optionProperties(node, pairs, translation))] : []
  return callCode(translation.dsl(node.name), names.length > 1 ? array(names) : names[0]!, ...options, urlBlock(node, translation))
}

function urlBlock(node: CallNode, translation: Translation): Code {
  const block = blockOf(node)
  if (!block) {
    const passed = is(node.block as RubyNode | null, 'BlockArgumentNode') ? (node.block as NodeOf<'BlockArgumentNode'>).expression : null
    if (!passed) throw new Untranslatable(node, 'a block was expected')
    return expression(passed as RubyNode, translation)
  }
  return translation.inFunction(() => {
    const names = parameterNames(block.parameters as RubyNode | null)
    const records = names.filter((name) => !/^_?options$/.test(name))
    const parameters = names.map((name) => translation.declare(name, /^_?options$/.test(name) ? 'urlOptions' : undefined))
    const outer = translation.records
    translation.records = new Set(records)
    try {
      const { body, text, usesHelpers } = bodyOf(block.body as RubyNode | null, node, translation)
      const list = names.map((name, index) => typed(parameters[index]!, records.includes(name), text, translation))
      // The options always stand between the helper's arguments and the helpers.
      if (usesHelpers && records.length === names.length) list.push(typed('_urlOptions', false, text, translation))
      if (usesHelpers) {
        translation.stubs.add('helpers')
        translation.imports.add('type UrlOptions')
        list.push('helpers: UrlHelpers')
      }
      return arrow(list.join(', '), body)
    } finally {
      translation.records = outer
    }
  })
}

function bodyOf(body: RubyNode | null, node: CallNode, translation: Translation) {
  const statements = statementsOf(body)
  const last = statements.at(-1)
  if (!last) throw new Untranslatable(node, 'an empty body is not translated')
  const before = statements.slice(0, -1).map((statement): Statement & { text: string } => {
    if (!is(statement, 'LocalVariableWriteNode')) throw new Untranslatable(statement, 'a body of several statements is not translated')
    const code = inline(statement.value as RubyNode, translation)
    return { type: 'line', prefix: `const ${translation.declare(statement.name)} = `, code, text: code }
  })
  const value = inline(last, translation)
  const text = [...before.map((statement) => statement.text), value].join(' ')
  const result: Code | Statement[] = before.length === 0 ? value : [...before, { type: 'line', prefix: 'return ', code: value }]
  return { body: value.startsWith('{') && before.length === 0 ? `(${value})` : result, text, usesHelpers: /\bhelpers\./.test(text) }
}

function typed(name: string, isRecord: boolean, text: string, translation: Translation): string {
  const called = new RegExp(`\\b${name}\\b`).test(text) || name.startsWith('_') ? name : `_${name}`
  if (isRecord) {
    translation.stubs.add('linked')
    return `${called}: Linked`
  }
  translation.imports.add('type UrlOptions')
  return `${called}: UrlOptions`
}
