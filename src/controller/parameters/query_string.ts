import { type Hash, isHash } from './values.ts'

/** A query string as Rails' `to_query` writes it: `a[b]=1` for hashes, `a[]=1` for lists, names sorted, everything form-encoded. */
export function toQuery(hash: Hash): string {
  return pairs(hash, '').toSorted().join('&')
}

function pairs(value: unknown, name: string): string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [`${encode(`${name}[]`)}=`] : value.flatMap((element) => pairs(element, `${name}[]`))
  if (isHash(value)) return Object.entries(value).flatMap(([key, element]) => pairs(element, name === '' ? key : `${name}[${key}]`))
  return [`${encode(name)}=${encode(String(value ?? ''))}`]
}

function encode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
