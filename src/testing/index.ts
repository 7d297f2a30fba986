export { type RequestOptions, TestApplication, type TestApplicationOptions, testApplication } from './test_application.ts'
