import { Job } from 'regauge'

export abstract class ApplicationJob extends Job {}
