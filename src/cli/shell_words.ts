/** The words of a command, as a shell would part them: quotes and backslashes keep blanks in a word.
 * @example shellWords("'/opt/my editor' --wait") // ['/opt/my editor', '--wait']
 */
export function shellWords(command: string): string[] {
  const words = command.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs) ?? []
  return words.map((word) => word.replace(/\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs, unquoted))
}

function unquoted(_: string, escaped: string | undefined, double: string | undefined, single: string | undefined): string {
  return escaped ?? double?.replace(/\\(["\\$`])/g, '$1') ?? single!
}
