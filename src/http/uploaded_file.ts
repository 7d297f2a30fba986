import { createReadStream, type ReadStream } from 'node:fs'
import { readFile, unlink } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'

/** One uploaded file of a multipart form. Its bytes lie in a temporary file that is deleted when the response has been sent:
 * copy or move it to keep it. */
export class UploadedFile {
  /** The name the client gave, without folders. Not safe as a file name of ours. */
  readonly originalFilename: string
  /** What the client says it is, 'application/octet-stream' when it doesn't say. Not checked. */
  readonly contentType: string
  /** The temporary file. */
  readonly path: string
  /** In bytes. */
  readonly size: number

  constructor(file: { originalFilename: string; contentType: string; path: string; size: number }) {
    this.originalFilename = file.originalFilename
    this.contentType = file.contentType
    this.path = file.path
    this.size = file.size
  }

  /** The whole content. */
  read(): Promise<Buffer> {
    return readFile(this.path)
  }

  /** The content as a stream, for files too large to hold in memory. */
  stream(): ReadStream {
    return createReadStream(this.path)
  }

  /** Deletes the temporary file; a second call does nothing. */
  async delete(): Promise<void> {
    await unlink(this.path).catch(ignoreMissing)
  }

  /** Says that it is a file and not its bytes, should it end up in JSON. */
  toJSON(): { filename: string; content_type: string; size: number } {
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

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
