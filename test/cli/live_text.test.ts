import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { LiveText } from '../../src/cli/live_text.ts'

function shown(isTTY: boolean, columns?: number): string {
  const out = Object.assign(new PassThrough(), { isTTY, ...(columns !== undefined && { columns }) })
  const live = new LiveText(out)
  live.show('waiting  2\nactive   1')
  live.show('waiting  1')
  return textOf(out)
}

// From Node 26 on, `read` gives the pieces one by one.
function textOf(out: PassThrough): string {
  let text = ''
  for (let piece = out.read(); piece !== null; piece = out.read()) text += String(piece)
  return text
}

describe('What a command shows again and again', () => {
  it('takes the place of what it showed before in a terminal', () => {
    expect(shown(true)).to.equal('waiting  2\nactive   1\n\u001b[999D\u001b[2A\u001b[0Jwaiting  1\n')
  })

  it('counts the lines of the terminal that a long line takes', () => {
    const out = Object.assign(new PassThrough(), { isTTY: true, columns: 10 })
    const live = new LiveText(out)
    live.show(`waiting  2\n\npaused queues: ${'q'.repeat(16)}`)
    live.show('waiting  1')
    expect(textOf(out)).to.include('\u001b[6A')
  })

  it('counts the lines of the text in a terminal that does not know how wide it is', () => {
    expect(shown(true, 0)).to.equal(shown(true))
  })

  it('follows what it showed before in a file or a pipe, without control characters', () => {
    expect(shown(false)).to.equal('waiting  2\nactive   1\n\nwaiting  1\n\n')
  })
})
