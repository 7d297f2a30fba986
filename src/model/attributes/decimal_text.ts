/** A decimal of the database. */
export interface Decimal {
  toFixed(): string
}

/** As Ruby writes a decimal: all digits, and one behind the point at least. */
export function decimalText(decimal: Decimal): string {
  const text = decimal.toFixed()
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}
