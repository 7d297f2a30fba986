import path from 'node:path'
import { InvalidDatabaseUrl } from './errors.ts'

/** A database URL, understood. */
export type DatabaseLocation =
  | { dialect: 'sqlite'; provider: 'sqlite'; file: string; readOnly: boolean }
  | { dialect: 'postgres'; provider: 'postgresql'; url: string }
  | { dialect: 'mysql'; provider: 'mysql'; url: string }

/** Reads a database URL. Paths of SQLite files are relative to the application's root.
 *
 * @example locate('file:storage/development.sqlite3', '/srv/app')   // { dialect: 'sqlite', file: '/srv/app/storage/development.sqlite3', … }
 * @throws InvalidDatabaseUrl naming the URL without its password
 */
export function locate(url: string, root: string): DatabaseLocation {
  const scheme = /^([a-z0-9+]+):/i.exec(url)?.[1]?.toLowerCase()
  switch (scheme) {
    case 'file':
    case 'sqlite':
    case 'sqlite3':
      return sqliteLocation(url, root)
    case 'postgres':
    case 'postgresql':
      return { dialect: 'postgres', provider: 'postgresql', url: valid(url) }
    case 'mysql':
    case 'mysql2':
    case 'mariadb':
      return { dialect: 'mysql', provider: 'mysql', url: valid(url).replace(/^\w+:/, 'mysql:') }
    default:
      throw new InvalidDatabaseUrl({
        url: withoutPassword(url),
        reason: scheme === undefined ? 'it has no scheme' : `the scheme ${scheme} is unknown`,
      })
  }
}

/** The URL as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z0-9+]+:\/\/[^:/@]*):.*@/i, '$1:…@').replace(/([?&]\w*password=)[^&]*/gi, '$1…')
}

function sqliteLocation(url: string, root: string): DatabaseLocation {
  const [name = '', query = ''] = url.slice(url.indexOf(':') + 1).split('?', 2)
  const readOnly = new URLSearchParams(query).get('mode') === 'ro'
  if (name === ':memory:') return { dialect: 'sqlite', provider: 'sqlite', file: name, readOnly }
  const file = decoded(name.replace(/^\/\/(?:localhost)?(?=\/)|^\/\//, ''), url)
  if (file === '') throw new InvalidDatabaseUrl({ url, reason: 'it names no file' })
  return { dialect: 'sqlite', provider: 'sqlite', file: path.resolve(root, file), readOnly }
}

function decoded(name: string, url: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw new InvalidDatabaseUrl({ url, reason: 'its path is badly encoded' })
  }
}

function valid(url: string): string {
  if (!URL.canParse(url)) throw new InvalidDatabaseUrl({ url: withoutPassword(url), reason: "it can't be parsed" })
  if (new URL(url).pathname.length < 2) throw new InvalidDatabaseUrl({ url: withoutPassword(url), reason: 'it names no database' })
  return url
}
