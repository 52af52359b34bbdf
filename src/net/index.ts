// HTTP that leaves the process: one POST, directly or through a proxy.
// The API client and the receivers call it. It knows neither of them, and it retries nothing.
export { PostError, post, type Received } from './post.ts'
export { createAgent, NO_PROXIES, type Proxies, parseProxy } from './proxies.ts'
