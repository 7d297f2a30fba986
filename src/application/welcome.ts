import type { Endpoint } from '../http/index.ts'
import type { Application } from './application.ts'

/** The page at `/` of an application in development that has no root route: what is there and where. */
export function welcomeEndpoint(application: Application): Endpoint {
  return (_request, response) => {
    response.contentType = 'text/html; charset=utf-8'
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    response.body = page(application)
  }
}

function page(application: Application): string {
  const { config, loaded, routes } = application
  const rows = routes.routes.map((route) => {
    const target = route.kind === 'action' ? `${route.controller ?? ':controller'}#${route.action ?? ':action'}` : route.kind
    return `<tr><td>${escapeHtml(route.verb || 'any')}</td><td>${escapeHtml(route.path)}</td><td>${escapeHtml(target)}</td></tr>`
  })
  const kinds: [string, number][] = [
    ['routes', routes.routes.length],
    ['controllers', new Set(routes.routes.flatMap(({ controller }) => controller ?? [])).size],
    ['models', loaded.models.length],
    ['jobs', loaded.jobs.filter(({ name }) => !name.startsWith('Application')).length],
    ['channels', loaded.channels.size],
    ['subscribers', loaded.subscribers.length],
  ]
  const links = [
    ...(config.openapi.enabled ? ['<a href="/docs">documentation</a>', '<a href="/openapi.json">openapi.json</a>'] : []),
    ...(application.cable ? [`WebSockets at <code>${escapeHtml(config.cable.path)}</code>`] : []),
  ]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(config.name)}</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 3rem auto; padding: 0 1rem }
ul { display: flex; flex-wrap: wrap; gap: 1rem 2rem; padding: 0; list-style: none }
b { font-size: 1.6rem; display: block }
table { border-collapse: collapse; width: 100%; font: 14px/1.6 ui-monospace, monospace }
td { padding: .15rem .75rem .15rem 0; border-top: 1px solid #8884; vertical-align: top }
</style>
<h1>${escapeHtml(config.name)}</h1>
<p>${escapeHtml(config.env.name)} · ${links.join(' · ')}</p>
<ul>${kinds.map(([kind, count]) => `<li><b>${count}</b>${kind}</li>`).join('')}</ul>
<table>${rows.join('\n')}</table>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
