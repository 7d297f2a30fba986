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
  const around: (readonly PathNode[])[] = []
  let count = 0
  let at = 0
  while (at < path.length) {
    const code = path.charCodeAt(at)
    if (code === codes.opening && at === path.length - optionalFormat.length && path.endsWith(optionalFormat)) {
      pieces[count++] = formatGroup
      break
    }
    if (code === codes.opening) {
      around.push(pieces.slice(0, count))
      count = 0
      at++
    } else if (code === codes.closing) {
      const outer = around.pop()
      if (outer === undefined) return 'a closing parenthesis has no opening one'
      const group: PathNode = { kind: 'group', nodes: pieces.slice(0, count) }
      for (count = 0; count < outer.length; count++) pieces[count] = outer[count]!
      pieces[count++] = group
      at++
    } else if (code === codes.star || (code === codes.colon && isWord(path, at + 1))) {
      const end = wordEnd(path, at + 1)
      pieces[count++] = { kind: code === codes.star ? 'glob' : 'segment', name: path.slice(at + 1, end) }
      at = end
    } else {
      const end = textEnd(path, at)
      pieces[count++] = { kind: 'text', text: path.slice(at, end) }
      at = end
    }
  }
  return around.length === 0 ? pieces.slice(0, count) : 'a parenthesis is not closed'
}

/** The pieces of the path being read. An array that grows takes room for sixteen more; nearly every path has a few. */
const pieces: PathNode[] = []

/** What nearly every path ends with. */
const optionalFormat = '(.:format)'

const formatGroup: PathNode = {
  kind: 'group',
  nodes: [
    { kind: 'text', text: '.' },
    { kind: 'segment', name: 'format' },
  ],
}

const codes = { opening: 40, closing: 41, star: 42, dot: 46, slash: 47, colon: 58 } as const

/** Where text ends: at a parenthesis, at a segment, and at a star that doesn't follow a letter, which is plain there. */
function textEnd(path: string, start: number): number {
  // An expression finds the next special character, since a routes file is read before any loop is quick.
  special.lastIndex = start
  while (special.test(path)) {
    const at = special.lastIndex - 1
    const code = path.charCodeAt(at)
    if (code === codes.opening || code === codes.closing) return at
    if (code === codes.star && (at === start || isSeparator(path.charCodeAt(at - 1)))) return at
    if (code === codes.colon && isWord(path, at + 1)) return at
  }
  return path.length
}

const special = /[()*:]/g

function isSeparator(code: number): boolean {
  return code === codes.slash || code === codes.dot || code === codes.colon
}

function wordEnd(path: string, start: number): number {
  word.lastIndex = start
  word.test(path)
  return word.lastIndex
}

const word = /\w*/y

/** Whether a letter of `\w` stands there. */
function isWord(path: string, at: number): boolean {
  const code = path.charCodeAt(at)
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
}

/** Appends text, joined to the text before it. */
export function pushText(nodes: PathNode[], text: string): void {
  const last = nodes.at(-1)
  if (last?.kind === 'text') nodes[nodes.length - 1] = { kind: 'text', text: last.text + text }
  else nodes.push({ kind: 'text', text })
}

/** In how many ways the optional parts can be there or not. */
export function countReadings(nodes: readonly PathNode[]): number {
  let count = 1
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!
    if (node.kind === 'group') count *= countReadings(node.nodes) + 1
  }
  return count
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
