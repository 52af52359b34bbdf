// What counts of a check where nobody says more.

/** 1xx to 4xx, as the bit mask of the API (contract 8). */
export const USUAL_CODES = 15
/** Seconds (contract 8). */
export const USUAL_TIMEOUT = 5
/** Seconds: the default of a CLB (platform facts C3). */
export const USUAL_INTERVAL = 5
/** What the HTTP probes call themselves (platform facts C1). Some applications answer other clients otherwise. */
export const PROBE_AGENT = 'clb-healthcheck'
