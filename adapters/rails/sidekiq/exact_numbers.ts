const manyDigits = /\d{16}/
const number = /-?\d[\d.eE+-]*/y

/** Whether a JSON text has a whole number that is too large for JavaScript: another one would be read for it, and written back.
 * @example hasInexactNumber('[9007199254740993]') // true
 */
export function hasInexactNumber(text: string): boolean {
  if (!manyDigits.test(text)) return false
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') isInText = !isInText
    else if (isInText && character === '\\') at++
    if (isInText) continue
    number.lastIndex = at
    const [digits] = number.exec(text) ?? []
    if (digits === undefined) continue
    if (/^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits))) return true
    at += digits.length - 1
  }
  return false
}
