let sequence = 0

/** A number that grows with each declaration: what macros declare runs in their order, whatever it is. */
export function nextSequence(): number {
  return ++sequence
}
