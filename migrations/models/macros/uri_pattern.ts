import { argumentsOf, constantPath, is, literalText, type RubyNode } from '../../ruby/index.ts'

/** What may follow the colon of a scheme (RFC 2396): a path, or a character of an address without one. */
const rest = String.raw`(?:[/\w\-.!~*'();?:@&=+$,]|%[\da-f]{2})`

/** `URI.regexp(%w[http https])` and `URI::DEFAULT_PARSER.make_regexp`, which find an address anywhere in a text: a pattern that finds one in the
 * same texts, as is enough to validate them; undefined for anything else. */
export function uriPattern(node: RubyNode): string | undefined {
  if (!is(node, 'CallNode')) return undefined
  const maker = `${constantPath(node.receiver as RubyNode | null)?.replace(/^::/, '')}.${node.name}`
  if (!/^URI(\.regexp|::(DEFAULT_PARSER|RFC2396_PARSER)\.make_regexp)$/.test(maker)) return undefined
  const [given, ...more] = argumentsOf(node).positional
  if (more.length > 0) return undefined
  if (given === undefined) return `/[a-z][-+.a-z\\d]*:${escaped(rest)}/i`
  const schemes = is(given, 'ArrayNode') ? (given.elements as RubyNode[]).map((each) => literalText(each)) : [literalText(given)]
  if (schemes.length === 0 || schemes.some((scheme) => scheme === undefined || !/^[a-z][-+.a-z\d]*$/i.test(scheme))) return undefined
  const names = schemes.map((scheme) => scheme!.replace(/[.+]/g, String.raw`\$&`))
  return `/(?:${names.join('|')}):${escaped(rest)}/i`
}

function escaped(pattern: string): string {
  return pattern.replaceAll('/', String.raw`\/`)
}
