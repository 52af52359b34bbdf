// All packages that answer HTTP. The build puts them into their own file (dist/web.cjs), which the function loads at
// the first HTTP event.
export { createAdaptorServer, getRequestListener } from '@hono/node-server'
export { getConnInfo } from '@hono/node-server/conninfo'
export { type Context, Hono, type MiddlewareHandler } from 'hono'
export { accepts } from 'hono/accepts'
export { bodyLimit } from 'hono/body-limit'
export { default as serverless } from 'serverless-http'
