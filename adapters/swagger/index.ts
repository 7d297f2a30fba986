export { type DocsPageOptions, docsPage } from './docs_page.ts'
export { readOpenapiBlocks } from './openapi_blocks.ts'
