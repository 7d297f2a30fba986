import { Controller } from './controller.ts'

/** Answers 200 once the application has booted: what load balancers ask `/up`, and what `rails/health#show` leads to. */
export class HealthController extends Controller {
  show(): void {
    this.respondTo((format) => {
      format.html(() => this.render({ html: '<!DOCTYPE html><html><body style="background-color: green"></body></html>' }))
      format.json(() => this.render({ json: { status: 'up', timestamp: `${new Date().toISOString().slice(0, 19)}Z` } }))
    })
  }
}
