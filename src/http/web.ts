// All packages that answer HTTP. The build puts them into their own file (dist/web.cjs), which the function loads at
// the first HTTP event.
export { getRequestListener, type HttpBindings } from '@hono/node-server'
export { getConnInfo } from '@hono/node-server/conninfo'
export { type Context, Hono, type MiddlewareHandler } from 'hono'
export { accepts } from 'hono/accepts'
export { default as serverless } from 'serverless-http'
