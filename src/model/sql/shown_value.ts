const longest = 200

/** A value as an error shows it, whatever it is: what JSON can't hold as JavaScript names it. */
export function shownValue(value: unknown): string {
  const text = jsonOf(value) ?? (typeof value === 'object' ? Object.prototype.toString.call(value) : String(value))
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
