import type { ApplicationFiles } from '../application_files.ts'

/** Whether `Gemfile.lock` names this version of a gem or a later one; true when it doesn't name the gem. */
export function isAtLeast(application: ApplicationFiles, gem: string, wanted: string): boolean {
  const version = application.gemVersion(gem)
  if (version === undefined) return true
  const [own, other] = [version, wanted].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (const [index, part] of other!.entries()) {
    const difference = (own![index] ?? 0) - part
    if (difference !== 0) return difference > 0
  }
  return true
}
