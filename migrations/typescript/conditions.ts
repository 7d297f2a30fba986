/** The parts of a condition that `||` joins, else those that `&&` does, each but the last with its operator behind it; one part where nothing is joined. */
export function conditionParts(code: string): string[] {
  const places = topLevel(code)
  const operator = places.some((at) => code.startsWith('||', at)) ? '||' : '&&'
  const parts: string[] = []
  let from = 0
  for (const at of places.filter((place) => code.startsWith(operator, place))) {
    parts.push(code.slice(from, at + 2).trim())
    from = at + 2
  }
  return [...parts, code.slice(from).trim()]
}

/** Where `||` and `&&` stand outside of brackets, texts and patterns. */
function topLevel(code: string): number[] {
  const places: number[] = []
  let depth = 0
  for (let at = 0; at < code.length; at++) {
    const letter = code[at]!
    if (/['"`]/.test(letter) || (letter === '/' && beginsPattern(code.slice(0, at)))) at = closing(code, at)
    else if (/[([{]/.test(letter)) depth++
    else if (/[)\]}]/.test(letter)) depth--
    else if (depth === 0 && /^(\|\||&&)/.test(code.slice(at, at + 2))) places.push(at++)
  }
  return places
}

/** Whether a slash begins a pattern: behind a value it divides. */
function beginsPattern(before: string): boolean {
  return /(^|[(,=:[!&|?{};+*%<>~^-])\s*$/.test(before)
}

/** Where the text or pattern ends that begins at a place. */
function closing(code: string, start: number): number {
  const [quote, isPattern] = [code[start]!, code[start] === '/']
  let isInClass = false
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === '\\') at++
    else if (isPattern && code[at] === '[') isInClass = true
    else if (isPattern && code[at] === ']') isInClass = false
    else if (code[at] === quote && !isInClass) return at
  }
  return code.length
}
