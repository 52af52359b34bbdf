// net/ sends HTTP out of the process: one POST, directly or through a proxy.
// cloud/ calls it for the API, delivery/ for receivers, app/ for the settings of proxies.
// It may not know who calls it or what an answer means, and it retries nothing.

export { PostError, post, type Received } from './post.ts'
export { createAgent, NO_PROXIES, type Proxies, parseProxy } from './proxies.ts'
