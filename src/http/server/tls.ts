import { readFileSync } from 'node:fs'
import type { SecureContextOptions } from 'node:tls'
import { CannotListen } from '../errors.ts'

/** The certificate of a server, as files in PEM: they are read when it starts and when it is told to reload. */
export interface TlsSettings {
  /** The private key. */
  readonly key: string
  /** The certificate, with those between it and the authority's behind it. */
  readonly cert: string
  /** Authorities whose certificates clients must show; without it none are asked for. */
  readonly ca?: string | undefined
  /** Of an encrypted key. */
  readonly passphrase?: string | undefined
  /** The oldest version that is spoken. Default TLSv1.2. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
}

/** Reads the files.
 * @throws CannotListen naming the file that can't be read
 */
export function readTls(settings: TlsSettings): SecureContextOptions & { requestCert?: boolean; rejectUnauthorized?: boolean } {
  const { key, cert, ca, passphrase, minVersion = 'TLSv1.2' } = settings
  return {
    key: read(key),
    cert: read(cert),
    minVersion,
    ...(passphrase !== undefined && { passphrase }),
    ...(ca !== undefined && { ca: read(ca), requestCert: true, rejectUnauthorized: true }),
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new CannotListen(
      { where: 'a TLS port', reason: `${file} can't be read (${(error as NodeJS.ErrnoException).code})` },
      { cause: error },
    )
  }
}
