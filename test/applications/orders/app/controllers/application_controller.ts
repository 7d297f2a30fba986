import { Controller } from 'regauge'

export class ApplicationController extends Controller {}
