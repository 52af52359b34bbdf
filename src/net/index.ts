// net/ sends HTTP out of the process: one request, directly or through a proxy. cloud/ calls it for the API, delivery/ for
// receivers, and app/ for the proxy settings. It may not know its callers or interpret an answer. It never retries; its
// callers decide that.

export { guardedLookup, isInnerHost, leadsToLink } from './guarded.ts'
export { PostError, post, type Received } from './post.ts'
export { createAgent, NO_PROXIES, type Proxies, parseProxy } from './proxies.ts'
