import fs from 'node:fs'

/** Writes pieces one behind the other, also where the system takes them only bit by bit. */
export function writePieces(file: number, pieces: readonly Buffer[], position: number, done: (error: Error | null) => void): void {
  fs.writev(file, pieces, position, (error, written) => {
    const rest = error === null ? behind(pieces, written) : []
    if (rest.length === 0) done(error)
    else if (written === 0) done(new Error('the disk takes nothing more'))
    else writePieces(file, rest, position + written, done)
  })
}

/** What is left of pieces when so many bytes of them are written. */
function behind(pieces: readonly Buffer[], written: number): readonly Buffer[] {
  let left = written
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index]!
    if (left < piece.length) return [piece.subarray(left), ...pieces.slice(index + 1)]
    left -= piece.length
  }
  return []
}
