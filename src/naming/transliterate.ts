/** Letters whose ASCII spelling isn't their base letter. */
const spellings: Readonly<Record<string, string>> = {
  Æ: 'AE', Ð: 'D', '×': 'x', Ø: 'O', Þ: 'Th', ß: 'ss', ẞ: 'SS', æ: 'ae', ð: 'd', ø: 'o', þ: 'th',
  Đ: 'D', đ: 'd', Ħ: 'H', ħ: 'h', ı: 'i', Ĳ: 'IJ', ĳ: 'ij', ĸ: 'k', Ŀ: 'L', ŀ: 'l', Ł: 'L', ł: 'l',
  ŉ: "'n", Ŋ: 'NG', ŋ: 'ng', Œ: 'OE', œ: 'oe', Ŧ: 'T', ŧ: 't',
} // biome-ignore format: a table

/** The text in ASCII: `Ærøskøbing` → `AEroskobing`. Covers the Latin letters that Rails covers (to U+017E).
 *
 * @param replacement stands for a character that has no spelling
 */
export function transliterate(text: string, replacement = '?'): string {
  return text.normalize('NFC').replace(/\P{ASCII}/gu, (character) => spellings[character] ?? baseLetter(character) ?? replacement)
}

function baseLetter(character: string): string | undefined {
  if (character < '\u00c0' || character > '\u017e') return undefined
  const base = character.normalize('NFD').charAt(0)
  return base <= '\u007f' ? base : undefined
}
