import { InvalidMediaType } from '../errors.ts'

// Rails' registered types in its order: format, media type, synonyms.
const registered: [format: string, mediaType: string, synonyms?: string[]][] = [
  ['html', 'text/html', ['application/xhtml+xml']],
  ['text', 'text/plain'],
  ['js', 'text/javascript', ['application/javascript', 'application/x-javascript']],
  ['css', 'text/css'],
  ['ics', 'text/calendar'],
  ['csv', 'text/csv'],
  ['vcf', 'text/vcard'],
  ['vtt', 'text/vtt', ['vtt']],
  ['md', 'text/markdown'],
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['bmp', 'image/bmp'],
  ['tiff', 'image/tiff'],
  ['svg', 'image/svg+xml'],
  ['webp', 'image/webp'],
  ['mpeg', 'video/mpeg'],
  ['mp3', 'audio/mpeg'],
  ['ogg', 'audio/ogg'],
  ['m4a', 'audio/aac', ['audio/mp4']],
  ['webm', 'video/webm'],
  ['mp4', 'video/mp4'],
  ['otf', 'font/otf'],
  ['ttf', 'font/ttf'],
  ['woff', 'font/woff'],
  ['woff2', 'font/woff2'],
  ['xml', 'application/xml', ['text/xml', 'application/x-xml']],
  ['rss', 'application/rss+xml'],
  ['atom', 'application/atom+xml'],
  ['yaml', 'application/x-yaml', ['text/yaml']],
  ['multipart_form', 'multipart/form-data'],
  ['url_encoded_form', 'application/x-www-form-urlencoded'],
  ['json', 'application/json', ['text/x-json', 'application/jsonrequest', 'application/problem+json']],
  ['pdf', 'application/pdf'],
  ['zip', 'application/zip'],
  ['gzip', 'application/gzip', ['application/x-gzip']],
]

/** Extensions that aren't the format's name, with the formats they mean, as Rails registers them. */
const formatsByExtension = new Map<string, string>(
  Object.entries({
    html: 'xhtml',
    text: 'txt',
    md: 'markdown',
    jpeg: 'jpg jpe pjpeg',
    tiff: 'tif',
    mpeg: 'mpg mpe',
    mp3: 'mp1 mp2',
    ogg: 'oga spx opus',
    m4a: 'mpg4 aac',
    mp4: 'm4v',
    yaml: 'yml',
    gzip: 'gz',
  }).flatMap(([format, extensions]) => extensions.split(' ').map((extension): [string, string] => [extension, format])),
)
const formatsByType = new Map<string, string>()
const typesByFormat = new Map<string, string>()

/** Registers a format for `respondTo`, `format` and `render`, as an initializer does with `Mime::Type.register`.
 *
 * @param extensions other names of the format, in paths and file names
 * @example registerMediaType('hal', 'application/hal+json')
 */
export function registerMediaType(
  format: string,
  mediaType: string,
  synonyms: readonly string[] = [],
  extensions: readonly string[] = [],
): void {
  typesByFormat.set(format, mediaType)
  for (const extension of extensions) formatsByExtension.set(extension, format)
  for (const type of [mediaType, ...synonyms]) formatsByType.set(type, format)
}

/** Forgets a format, as `Mime::Type.unregister` does. */
export function unregisterMediaType(format: string): void {
  typesByFormat.delete(format)
  for (const names of [formatsByExtension, formatsByType]) for (const [name, named] of names) if (named === format) names.delete(name)
}

for (const [format, mediaType, synonyms] of registered) registerMediaType(format, mediaType, synonyms)

/** The formats that have a media type, in the order of their registration. */
export function registeredFormats(): IterableIterator<string> {
  return typesByFormat.keys()
}

/** The media type of a format: 'json' → 'application/json'. */
export function mediaTypeOf(format: string): string | undefined {
  return typesByFormat.get(format) ?? typesByFormat.get(formatsByExtension.get(format) ?? '')
}

/** The format of a media type or one of its synonyms: 'text/xml' → 'xml'. Undefined for types that nobody registered. */
export function formatOf(mediaType: string): string | undefined {
  return formatsByType.get(mediaType)
}

// Rails' grammar of a media type with optional parameters (Mime::Type::MIME_REGEXP), without nested repetition.
const name = '[a-zA-Z0-9][a-zA-Z0-9!#$&\\-^_.+]{0,126}'
const valid = new RegExp(`^(?:\\*/\\*|${name}/(?:\\*|${name})(?:\\s*;.*)?)$`)

/** The media type of a Content-Type header, without parameters and with synonyms resolved: 'text/x-json; charset=utf-8' → 'application/json'.
 * @throws InvalidMediaType (406, as in Rails) when it isn't a media type
 */
export function parseContentType(header: string): string {
  const plain = formatsByType.get(header)
  if (plain !== undefined) return typesByFormat.get(plain)!
  const type = withoutParameters(header).toLowerCase()
  const format = formatsByType.get(type)
  if (format !== undefined) return typesByFormat.get(format)!
  if (!valid.test(type)) throw new InvalidMediaType({ type: header })
  return type
}

/** The formats of an Accept header, best first; `*` / `*` stands for itself, types that nobody registered are left out.
 * @throws InvalidMediaType (406, as in Rails) when a part isn't a media type
 * @example parseAccept('text/html;q=0.5, application/json')   // ['json', 'html']
 */
export function parseAccept(header: string): string[] {
  const entries = header.split(',', 100).flatMap((part, index) => {
    const text = part.trim()
    return text === '' ? [] : [{ type: withoutParameters(text), quality: qualityOf(text), index }]
  })
  entries.sort((a, b) => b.quality - a.quality || a.index - b.index)
  const formats = new Set<string>()
  for (const { type } of entries) for (const format of formatsMatching(type)) formats.add(format)
  return [...formats]
}

function formatsMatching(type: string): readonly string[] {
  if (type === '*/*') return ['*/*']
  const format = formatsByType.get(type)
  if (format !== undefined) return [format]
  if (!valid.test(type)) throw new InvalidMediaType({ type })
  if (type !== 'text/*' && type !== 'application/*') return []
  const family = type.slice(0, -1)
  return [...formatsByType].filter(([known]) => known.startsWith(family)).map(([, format]) => format)
}

function withoutParameters(text: string): string {
  const end = text.search(/[;,]/)
  return (end === -1 ? text : text.slice(0, end)).trim()
}

function qualityOf(text: string): number {
  const match = /;\s*q=([0-9.]{1,10})/.exec(text)
  return match ? Number.parseFloat(match[1]!) || 0 : 1
}
