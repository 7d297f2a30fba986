import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** How many columns of a terminal a text takes that has no control characters: two for a wide character (中, 👍), none for a mark that is combined with
 * the one before it. What measures others than those of ASCII is loaded when the first is met: that takes longer than all else of a short command.
 * @example textWidth('日本') // 4 */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  const { default: stringWidth } = require('string-width') as typeof import('string-width')
  return stringWidth(text)
}

/** The text with as many blanks behind it as make it so wide. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)))
}

/** The text, or as much of its beginning as leaves room for an ellipsis in so many columns. No character is cut apart from what is combined with it.
 * @example cutToWidth('日本語', 5) // '日本…' */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  let columns = 0
  for (const character of charactersOf(text)) {
    columns += textWidth(character)
    if (columns >= width) break
    kept += character
  }
  return `${kept}…`
}

/** How many lines a terminal of so many columns shows a line of text in: a wide character that there is half a place for begins the next one. */
export function linesTaken(text: string, columns: number): number {
  let lines = 1
  let column = 0
  for (const character of charactersOf(text)) {
    const width = textWidth(character)
    if (column + width > columns) {
      lines++
      column = 0
    }
    column += width
  }
  return lines
}

let segmenter: Intl.Segmenter | undefined

/** What readers take for characters: with the marks that are combined with them, and with all that an emoji is made of. */
function* charactersOf(text: string): Generator<string, void> {
  segmenter ??= new Intl.Segmenter()
  for (const { segment } of segmenter.segment(text)) yield segment
}
