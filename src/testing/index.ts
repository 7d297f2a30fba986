export { captureEvents, captureNotifications } from './capture.ts'
export { type RequestOptions, TestApplication, type TestApplicationOptions, testApplication } from './test_application.ts'
export {
  type EnqueuedClass,
  type EnqueuedJob,
  type ExpectedDelivery,
  type ExpectedJob,
  type JobFilter,
  TestJobs,
  testJobs,
} from './test_jobs.ts'
