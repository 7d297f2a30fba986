/** A node of a syntax tree, as far as this room looks at it. */
export interface SyntaxNode {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

/** Whether a value found in a tree is a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'
}

/** A child node, or undefined. */
export function child(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  const value = node?.[field]
  return isNode(value) ? value : undefined
}

/** Child nodes of a list. */
export function children(node: SyntaxNode | undefined, field: string): SyntaxNode[] {
  const value = node?.[field]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** Calls `visit` for a node and everything in it. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    if (isNode(value)) walk(value, visit)
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) walk(item, visit)
  }
}

/** The name of an identifier, or of a text used as a name. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === 'Identifier' || node?.type === 'PrivateIdentifier') return String(node['name'])
  return textOf(node)
}

/** The value of a text literal. */
export function textOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node?.type === 'TemplateLiteral' && children(node, 'expressions').length === 0) {
    const cooked = (children(node, 'quasis')[0]?.['value'] as { cooked?: string } | undefined)?.cooked
    return cooked
  }
  return undefined
}

/** `name` for `this.name`, also for `this['name']` and `this.#name`. */
export function memberOfThis(node: SyntaxNode | undefined): string | undefined {
  return child(node, 'object')?.type === 'ThisExpression' ? memberName(node) : undefined
}

/** `b` for `a.b` and `a['b']`. */
export function memberName(node: SyntaxNode | undefined): string | undefined {
  if (node?.type !== 'MemberExpression') return undefined
  const property = child(node, 'property')
  return node['computed'] ? textOf(property) : nameOf(property)
}

/** The texts of a literal: one, or a list of them. */
export function textsOf(node: SyntaxNode | undefined): string[] {
  if (node?.type === 'ArrayExpression') return children(node, 'elements').flatMap((element) => textOf(element) ?? [])
  const text = textOf(node)
  return text === undefined ? [] : [text]
}

/** The properties of an object literal, by name. */
export function propertiesOf(node: SyntaxNode | undefined): Map<string, SyntaxNode> {
  const properties = new Map<string, SyntaxNode>()
  if (node?.type !== 'ObjectExpression') return properties
  for (const property of children(node, 'properties')) {
    const name = property['computed'] ? undefined : nameOf(child(property, 'key'))
    const value = child(property, 'value')
    if (name !== undefined && value) properties.set(name, value)
  }
  return properties
}
