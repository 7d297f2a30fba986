/** Base64 as Rails' messages have it: with padding, or URL-safe and without. */
export function encodeBase64(bytes: Uint8Array | string, urlSafe = false): string {
  return (typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).toString(
    urlSafe ? 'base64url' : 'base64',
  )
}

/** The bytes of a base64 text, or undefined when it isn't exactly that: Node's decoder takes anything, and two texts would mean one thing.
 *
 * URL-safe texts may have padding and letters of the other alphabet, as `Base64.urlsafe_decode64` takes them.
 */
export function decodeBase64(text: string, urlSafe = false): Buffer | undefined {
  const standard = urlSafe ? toStandard(text) : text
  const bytes = Buffer.from(standard, 'base64')
  return bytes.toString('base64') === standard ? bytes : undefined
}

function toStandard(text: string): string {
  const padded = text.endsWith('=') ? text : text.padEnd(Math.ceil(text.length / 4) * 4, '=')
  return padded.replaceAll('-', '+').replaceAll('_', '/')
}
