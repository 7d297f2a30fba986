import { camelize, pluralize, singularize, underscore } from '../naming/index.ts'
import { asJson } from './json/as_json.ts'

/** XML as Rails writes hashes and lists: one element a key, with the type of its value.
 * @example toXml({ a: 1 }) // '<?xml …?>\n<hash>\n  <a type="integer">1</a>\n</hash>\n'
 */
export function toXml(value: unknown): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>']
  append(lines, rootOf(value), value, '')
  return `${lines.join('\n')}\n`
}

function rootOf(value: unknown): string {
  if (!Array.isArray(value)) return 'hash'
  const [type] = value.map(classOf)
  if (type === undefined) return 'nil-classes'
  return type === 'Hash' || value.some((one) => classOf(one) !== type) ? 'objects' : pluralize(underscore(type)).replaceAll('/', '_')
}

/** Ruby's class of a value. */
function classOf(value: unknown): string {
  if (value === null || value === undefined) return 'NilClass'
  if (typeof value === 'boolean') return value ? 'TrueClass' : 'FalseClass'
  if (typeof value !== 'object') return typeName(value) === undefined ? 'String' : camelize(typeName(value)!)
  if (Array.isArray(value)) return 'Array'
  if (value instanceof Date) return 'Time'
  const type: Function | undefined = value.constructor
  return type === undefined || type === Object ? 'Hash' : type.name
}

function append(lines: string[], name: string, value: unknown, indent: string): void {
  const tag = tagOf(name)
  if (value === null || value === undefined) lines.push(`${indent}<${tag} nil="true"/>`)
  else if (value instanceof Date) lines.push(element(indent, tag, 'dateTime', value.toISOString().replace('.000Z', 'Z')))
  else if (Array.isArray(value)) appendList(lines, tag, value, indent)
  else if (typeof value === 'object') appendHash(lines, tag, value, indent)
  else lines.push(element(indent, tag, typeName(value), String(value)))
}

/** A name with dashes, as Rails writes it. What no name of an element may contain can't come out of it. */
function tagOf(name: string): string {
  const text = name.trim()
  let start = 0
  let end = text.length
  while (text[start] === '_') start++
  while (end > start && text[end - 1] === '_') end--
  const dashed = text.slice(0, start) + text.slice(start, end).replace(/[_ ]/g, '-') + text.slice(end)
  const tag = dashed.replace(/[^\p{L}\p{N}_.-]/gu, '_')
  return /^[\p{L}_]/u.test(tag) ? tag : `_${tag}`
}

function appendList(lines: string[], tag: string, list: readonly unknown[], indent: string): void {
  if (list.length === 0) {
    lines.push(`${indent}<${tag} type="array"/>`)
    return
  }
  lines.push(`${indent}<${tag} type="array">`)
  for (const one of list) append(lines, singularize(tag), one, `${indent}  `)
  lines.push(`${indent}</${tag}>`)
}

function appendHash(lines: string[], tag: string, value: object, indent: string): void {
  const data = dataOf(value)
  if (typeof data !== 'object' || data === null) {
    append(lines, tag, data, indent)
    return
  }
  lines.push(`${indent}<${tag}>`)
  for (const [key, member] of Object.entries(data)) append(lines, key, member, `${indent}  `)
  lines.push(`${indent}</${tag}>`)
}

function dataOf(value: object): unknown {
  const { serializableHash } = value as { serializableHash?: () => object }
  if (typeof serializableHash === 'function') return serializableHash.call(value)
  return Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null ? value : asJson(value)
}

function typeName(value: unknown): string | undefined {
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float'
  return undefined
}

function element(indent: string, tag: string, type: string | undefined, text: string): string {
  const attribute = type === undefined ? '' : ` type="${type}"`
  return `${indent}<${tag}${attribute}>${text.replace(unsafe, (character) => escapes[character] ?? '*')}</${tag}>`
}

// Control characters can't stand in XML, not even escaped.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unsafe = /[<>&\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g
const escapes: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }
