/** One piece of a path pattern. Slashes and dots are plain text. */
export type PathNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'segment'; readonly name: string }
  | { readonly kind: 'glob'; readonly name: string }
  | { readonly kind: 'group'; readonly nodes: readonly PathNode[] }

/** Reads Rails' path grammar: `:segment`, `*glob`, `(optional)`, and text beside them.
 *
 * @returns the pieces in order, or a sentence that says where the path is malformed
 * @see https://guides.rubyonrails.org/routing.html#dynamic-segments
 */
export function parsePath(path: string): readonly PathNode[] | string {
  const tokens = path.match(/[()]|:\w+|\*\w*|(?:[/.]|[^()*:./][^():./]*|:(?!\w))+/g) ?? []
  const open: PathNode[][] = [[]]
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token === '(') open.push([])
    else if (token === ')') {
      const nodes = open.pop()!
      if (open.length === 0) return 'a closing parenthesis has no opening one'
      open.at(-1)!.push({ kind: 'group', nodes })
    } else open.at(-1)!.push(nodeOf(token))
  }
  return open.length === 1 ? open[0]! : 'a parenthesis is not closed'
}

function nodeOf(token: string): PathNode {
  if (token.startsWith('*')) return { kind: 'glob', name: token.slice(1) }
  if (/^:\w/.test(token)) return { kind: 'segment', name: token.slice(1) }
  return { kind: 'text', text: token }
}

/** Appends text, joined to the text before it. */
export function pushText(nodes: PathNode[], text: string): void {
  const last = nodes.at(-1)
  if (last?.kind === 'text') nodes[nodes.length - 1] = { kind: 'text', text: last.text + text }
  else nodes.push({ kind: 'text', text })
}

/** In how many ways the optional parts can be there or not. */
export function countReadings(nodes: readonly PathNode[]): number {
  return nodes.reduce((count, node) => (node.kind === 'group' ? count * (countReadings(node.nodes) + 1) : count), 1)
}

/** Whether optional parts come last, each inside of the one before, with nothing but a format after them. */
export function hasOptionsLast(nodes: readonly PathNode[]): boolean {
  const first = nodes.findIndex((node) => node.kind === 'group')
  if (first < 0) return true
  const groups = nodes.slice(first).map((node) => (node.kind === 'group' ? node.nodes : null))
  if (groups.length > 2 || groups.some((group) => group === null || !hasOptionsLast(group))) return false
  // Behind a dot of its own, the first could be taken for the format.
  if (groups.length === 2 && hasDot(groups[0]!)) return false
  return groups.slice(1).every((group) => group![0]?.kind === 'text' && group![0].text.startsWith('.'))
}

function hasDot(nodes: readonly PathNode[]): boolean {
  return nodes.some((node) => (node.kind === 'group' ? hasDot(node.nodes) : node.kind === 'text' && node.text.includes('.')))
}

/** Every name in the order of the path, and whether a path without it may match. */
export function namesIn(nodes: readonly PathNode[], optional = false, names: PathName[] = []): PathName[] {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!
    if (node.kind === 'group') namesIn(node.nodes, true, names)
    else if (node.kind !== 'text') names.push({ name: node.name, optional, glob: node.kind === 'glob' })
  }
  return names
}

/** A name in a path. */
export interface PathName {
  readonly name: string
  readonly optional: boolean
  readonly glob: boolean
}
