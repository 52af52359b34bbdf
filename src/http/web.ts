// What answers HTTP, in one place: the build gives it a file of its own (dist/web.cjs), required at the first HTTP event.
export { createAdaptorServer, getRequestListener } from '@hono/node-server'
export { getConnInfo } from '@hono/node-server/conninfo'
export { type Context, Hono } from 'hono'
export { accepts } from 'hono/accepts'
export { bodyLimit } from 'hono/body-limit'
export { default as serverless } from 'serverless-http'
