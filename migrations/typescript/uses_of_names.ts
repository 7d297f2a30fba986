import { parseSync } from 'oxc-parser'

/** How the names of a module are used. */
export interface UsesOfNames {
  /** By name, and by owner and name: used while the module runs, in a function that is called later, or as a type. */
  readonly whileLoading: ReadonlySet<string>
  readonly later: ReadonlySet<string>
  readonly asType: ReadonlySet<string>
}

interface Syntax {
  readonly type: string
  readonly [property: string]: unknown
}

type When = 'whileLoading' | 'later' | 'asType'

const functions = /^(ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/

/** Tells when a module needs the names that it uses. Functions around a class are taken for mixins, which run while another module loads;
 * so are functions that a constant is computed with, but not those that are handed to a method of `this`, such as callbacks.
 *
 * @param text TypeScript
 * @returns undefined when it doesn't parse
 */
export function usesOfNames(text: string): UsesOfNames | undefined {
  const { program, errors } = parseSync('ported.ts', text, { lang: 'ts', sourceType: 'module' })
  if (errors.length > 0) return undefined
  const uses = { whileLoading: new Set<string>(), later: new Set<string>(), asType: new Set<string>() }
  for (const statement of program.body as unknown as Syntax[])
    if (statement.type !== 'ImportDeclaration') visit(statement, 'whileLoading', uses)
  return uses
}

function visit(node: Syntax, when: When, uses: Record<When, Set<string>>): void {
  const below = (child: unknown, time = when): void => {
    for (const each of Array.isArray(child) ? child : [child]) if (isSyntax(each)) visit(each, time, uses)
  }
  if (node.type === 'Identifier') {
    uses[when].add(node['name'] as string)
    below(node['typeAnnotation'], 'asType')
  } else if (node.type === 'MemberExpression' || node.type === 'Property') {
    const [owner, name] = node.type === 'Property' ? ['value', 'key'] : ['object', 'property']
    below(node[owner])
    if (node['computed'] === true) below(node[name])
    else if (owner === 'object') uses[when].add(`${wordOf(node['object'] as Syntax)}.${wordOf(node['property'] as Syntax)}`)
  } else if (node.type === 'TSTypeQuery') {
    below(node['exprName'], 'later')
    below(node['typeArguments'], 'asType')
  } else if (/^TS(As|NonNull|Satisfies)/.test(node.type)) {
    below(node['expression'])
    below(node['typeAnnotation'], 'asType')
  } else if (node.type === 'TSQualifiedName') below(node['left'], 'asType')
  else if (node.type === 'MethodDefinition' || (node.type === 'PropertyDefinition' && node['static'] !== true)) {
    if (node['computed'] === true) below(node['key'])
    below(node['value'], 'later')
    below(node['typeAnnotation'], 'asType')
  } else if (node.type === 'PropertyDefinition') {
    below(node['value'])
    below(node['typeAnnotation'], 'asType')
  } else if (node.type === 'CallExpression' && isOfThis(node['callee']) && when === 'whileLoading') {
    below(node['callee'])
    for (const each of node['arguments'] as Syntax[]) declared(each, uses)
  } else if (node.type === 'FunctionDeclaration' && !makesClass(node)) all(node, 'later', below)
  else all(node, /^TS/.test(node.type) ? 'asType' : when, below)
}

/** What is handed to a macro: its functions run later. */
function declared(node: Syntax, uses: Record<When, Set<string>>): void {
  if (node.type === 'ObjectExpression') for (const property of node['properties'] as Syntax[]) declared(property, uses)
  else if (node.type === 'Property') declared(node['value'] as Syntax, uses)
  else visit(node, functions.test(node.type) ? 'later' : 'whileLoading', uses)
}

function all(node: Syntax, when: When, below: (child: unknown, when: When) => void): void {
  for (const [name, child] of Object.entries(node)) {
    if (typeof child !== 'object' || child === null) continue
    below(child, /^(typeAnnotation|typeParameters|typeArguments|returnType|implements)$/.test(name) ? 'asType' : when)
  }
}

/** A name, or `this`, also where it is taken for another type. */
function wordOf(node: Syntax): string {
  if (node.type === 'ThisExpression') return 'this'
  if (/^(TSAsExpression|ParenthesizedExpression)$/.test(node.type)) return wordOf(node['expression'] as Syntax)
  return node.type === 'Identifier' ? (node['name'] as string) : ''
}

function isOfThis(callee: unknown): boolean {
  return isSyntax(callee) && callee.type === 'MemberExpression' && (callee['object'] as Syntax).type === 'ThisExpression'
}

function makesClass(node: Syntax): boolean {
  const statements = (node['body'] as Syntax)['body'] as Syntax[]
  return statements.some((each) => each.type === 'ReturnStatement' && (each['argument'] as Syntax | null)?.type === 'ClassExpression')
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && typeof (value as Syntax).type === 'string'
}
