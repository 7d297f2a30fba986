import { createReadStream, type ReadStream } from 'node:fs'
import { open, unlink } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'

/** What an uploaded file is made of. */
export interface UploadedFileOptions {
  readonly originalFilename: string
  readonly contentType?: string | undefined
  readonly headers?: string | undefined
  readonly path: string
  readonly size: number
}

/** One uploaded file of a multipart form. Its bytes lie in a temporary file that is deleted when the response has been sent:
 * copy or move it to keep it. Read as a file of Ruby is: from where the last reading ended.
 * @see ActionDispatch::Http::UploadedFile
 */
export class UploadedFile {
  /** The name the client gave, without folders. Not safe as a file name of ours. */
  readonly originalFilename: string
  /** What the client says it is, parameters included; undefined when it doesn't say. Not checked. */
  readonly contentType: string | undefined
  /** The headers of its part of the form, as they were sent.
   * @example 'Content-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n'
   */
  readonly headers: string | undefined
  /** The temporary file. */
  readonly path: string
  /** In bytes. */
  readonly size: number
  #position = 0

  constructor({ originalFilename, contentType, headers, path, size }: UploadedFileOptions) {
    this.originalFilename = originalFilename
    this.contentType = contentType
    this.headers = headers
    this.path = path
    this.size = size
  }

  /** What Rails calls the file behind this one: its path, size and content are those of this one. */
  get tempfile(): this {
    return this
  }

  /** Whether everything has been read. */
  get isEof(): boolean {
    return this.#position >= this.size
  }

  /** The content from where the last reading ended, empty when everything has been read; or as many bytes of it as there are up to `length`, null at
   * the end.
   * @example
   * const signature = await file.read(4)
   * file.rewind()
   */
  read(): Promise<Buffer>
  read(length: number): Promise<Buffer | null>
  async read(length?: number): Promise<Buffer | null> {
    const left = Math.max(0, this.size - this.#position)
    if (left === 0 && length !== undefined && length > 0) return null
    const bytes = await readAt(this.path, this.#position, Math.min(length ?? left, left))
    this.#position += bytes.length
    return bytes
  }

  /** Reads from the beginning again. */
  rewind(): 0 {
    this.#position = 0
    return 0
  }

  /** As `rewind`: there is nothing to be opened. */
  open(): void {
    this.rewind()
  }

  /** Deletes the temporary file when asked to; there is nothing else to be closed. */
  async close(unlinkNow = false): Promise<void> {
    if (unlinkNow) await this.delete()
  }

  /** The whole content as a stream, for files too large to hold in memory. */
  stream(): ReadStream {
    return createReadStream(this.path)
  }

  /** Deletes the temporary file; a second call does nothing. */
  async delete(): Promise<void> {
    await unlink(this.path).catch(ignoreMissing)
  }

  /** Says that it is a file and not its bytes, should it end up in JSON. */
  toJSON(): { filename: string; content_type: string | undefined; size: number } {
    return { filename: this.originalFilename, content_type: this.contentType, size: this.size }
  }
}

/** Deletes temporary files once the response has been sent or its client is gone. */
export function deleteWhenSent(files: readonly UploadedFile[], res: ServerResponse): void {
  const deleteAll = () => {
    // A file that the application has moved away is none of ours any more.
    for (const file of files) file.delete().catch(() => {})
  }
  if (res.closed || res.destroyed) deleteAll()
  else res.once('close', deleteAll)
}

async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
