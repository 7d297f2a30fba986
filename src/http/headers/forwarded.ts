/** What a proxy says of a request in the Forwarded header (RFC 7239): the values of one parameter, first proxy first.
 *
 * @param header as sent, at most its first 8 KiB are read
 * @example forwardedValues('for=192.0.2.43;proto=https, for="[2001:db8::1]:80"', 'for') // ['192.0.2.43', '[2001:db8::1]:80']
 */
export function forwardedValues(header: string | undefined, parameter: 'for' | 'host' | 'proto'): string[] {
  if (header === undefined) return []
  const values: string[] = []
  for (const [, name, quoted, plain] of header.slice(0, 8192).matchAll(pairs)) {
    if (name!.toLowerCase() === parameter) values.push(quoted?.replace(/\\(.)/g, '$1') ?? plain!)
  }
  return values
}

const pairs = /([!#$%&'*+\-.^_`|~\w]{1,64})[ \t]{0,8}=[ \t]{0,8}(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/g
