/** Puts quotes around the integers of a JSON text that JavaScript can't hold exactly: an id of 19 digits would come out as another one.
 * @example withLargeIntegersAsText('{"id":9007199254740993,"n":1}') // '{"id":"9007199254740993","n":1}'
 */
export function withLargeIntegersAsText(json: string): string {
  if (!longNumber.test(json)) return json
  let result = ''
  let copied = 0
  let text = textFrom(json, 0)
  for (const { 0: digits, index } of json.matchAll(integer)) {
    while (text.end < index) text = textFrom(json, text.end + 1)
    if (text.start < index || Number.isSafeInteger(Number(digits))) continue
    result += `${json.slice(copied, index)}"${digits}"`
    copied = index + digits.length
  }
  return result + json.slice(copied)
}

const longNumber = /\d{16}/
// Neither the digits of a fraction or an exponent, nor what has one; without an end, the expression would run out of stack.
const integer = /(?<![\d.eE+-])-?[1-9]\d{15,999}(?![\d.eE])/g

/** The next text in quotes, where it starts and ends; beyond the end of the JSON when there is none. */
function textFrom(json: string, from: number): { readonly start: number; readonly end: number } {
  const start = json.indexOf('"', from)
  if (start === -1) return { start: json.length, end: json.length }
  return { start, end: endOfText(json, start) }
}

/** Where the text that begins with the quote at `start` ends: the place of its last quote, or the length when there is none. */
export function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1)
  return end === -1 ? json.length : end
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === 92) backslashes++
  return backslashes % 2 === 1
}
