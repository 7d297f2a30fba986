/** A value as Ruby writes it in a log: `{"a"=>1, "b"=>[nil, "x"]}`. For those whose tools read such lines. */
export function rubyNotation(value: unknown): string {
  if (value === null || value === undefined) return 'nil'
  if (typeof value === 'string') return JSON.stringify(value).replace(/#(?=[{$@])/g, '\\#')
  if (Array.isArray(value)) return `[${value.map(rubyNotation).join(', ')}]`
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value)
  const pairs = Object.entries(value).map(([key, member]) => `${rubyNotation(key)}=>${rubyNotation(member)}`)
  return `{${pairs.join(', ')}}`
}
