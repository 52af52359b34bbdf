import { runBundle } from '../bundle/index.ts'
import type * as Handler from './handler.ts'

// dist/handler.js, which the platform loads. It runs dist/handler.cjs.
const { exports, codeCache } = runBundle(__dirname, 'handler')
const { main_handler, loadedWith }: Partial<typeof Handler> = exports
loadedWith?.(codeCache)

export { main_handler }
