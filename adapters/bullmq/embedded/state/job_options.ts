import type { JobsOptions } from 'bullmq'

/** What was read last: a job mostly has the options of the one before. */
let known: { readonly text: string; readonly options: JobsOptions; readonly isFlat: boolean } = { text: '{}', options: {}, isFlat: true }

/** The options of a job as JSON text: every reader gets its own copy. */
export function optionsText(options: JobsOptions): string {
  const text = JSON.stringify(options)
  return text === known.text ? known.text : text
}

/** A copy of options. */
export function optionsFrom(text: string): JobsOptions {
  if (text !== known.text) {
    const options = JSON.parse(text) as JobsOptions
    known = { text, options, isFlat: Object.values(options).every((value) => typeof value !== 'object' || value === null) }
  }
  return known.isFlat ? { ...known.options } : (JSON.parse(text) as JobsOptions)
}
