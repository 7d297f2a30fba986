import fs from 'node:fs'

type Written = (error: NodeJS.ErrnoException | null, written: number, pieces: readonly Buffer[]) => void

/** From now on the disk is full every now and then for a while: a write then fails, often after a part of it was written. */
export function letDiskFillUp(): void {
  const { writev } = fs
  const isFull = () => Date.now() % 300 < 40
  const write = (file: number, pieces: readonly Buffer[], position: number, done: Written): void => {
    if (!isFull()) return void writev(file, pieces, position, done as never)
    const [first] = pieces
    const part = first!.subarray(0, Math.floor(Math.random() * first!.length))
    fs.write(file, part, 0, part.length, position, () => {
      done(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }), 0, pieces)
    })
  }
  fs.writev = write as unknown as typeof fs.writev
}
