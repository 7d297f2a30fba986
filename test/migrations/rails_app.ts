import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const made: string[] = []

/** Makes a folder of files by path, and gives its root. It is removed by `removeFolders`. */
export function folderOf(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'regauge-port-'))
  made.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

/** Removes what `folderOf` made. */
export function removeFolders(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true })
}

/** The lines of a template with their common indentation taken off. */
export function lines(text: string): string {
  const all = text.replace(/^\n/, '').trimEnd().split('\n')
  const margin = Math.min(...all.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length))
  return all.map((line) => line.slice(margin)).join('\n')
}

/** A routes file around the statements given. */
export function routesRb(body: string): string {
  return `Rails.application.routes.draw do\n${body}\nend\n`
}

/** A schema file around the statements given. */
export function schemaRb(body: string): string {
  return `ActiveRecord::Schema[7.2].define(version: 2026_01_01_000000) do\n${body}\nend\n`
}

/** A model around the statements given. */
export function modelRb(name: string, body = ''): string {
  return `class ${name} < ApplicationRecord\n${body}\nend\n`
}
