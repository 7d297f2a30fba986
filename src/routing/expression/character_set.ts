/** The characters that one piece of an expression takes. */
export class CharacterSet {
  readonly #ascii = new Uint8Array(128)
  readonly #beyond: ((code: number) => boolean) | null

  /** The characters of a class, as the engine itself says.
   * @param source `[a-z]`, `\d`
   * @param flags of its expression
   * @param mayReachBeyond whether characters outside of ASCII may be among them
   */
  static of(source: string, flags: string, mayReachBeyond: boolean): CharacterSet {
    const expression = new RegExp(`^(?:${source})$`, flags)
    return new CharacterSet((code) => expression.test(String.fromCodePoint(code)), mayReachBeyond)
  }

  /** One character and no other. */
  static only(character: number): CharacterSet {
    return new CharacterSet((code) => code === character, character > 127)
  }

  private constructor(has: (code: number) => boolean, mayReachBeyond: boolean) {
    this.#beyond = mayReachBeyond ? has : null
    for (let code = 0; code < 128; code++) if (has(code)) this.#ascii[code] = 1
  }

  /** Whether it takes a character, given by its code. */
  has(code: number): boolean {
    return code < 128 ? this.#ascii[code] === 1 : this.#beyond?.(code) === true
  }

  /** Whether some character may be in both. */
  overlaps(other: CharacterSet): boolean {
    if (this.#beyond !== null && other.#beyond !== null) return true
    return this.#ascii.some((taken, code) => taken === 1 && other.#ascii[code] === 1)
  }
}
