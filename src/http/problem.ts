/** A problem document (RFC 9457). */
export interface Problem {
  readonly status: number
  readonly title: string
  /** One sentence: what was wrong and what to do next. */
  readonly detail: string
  readonly [extension: string]: unknown
}

export const problemResponse = (problem: Problem, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify({ type: 'about:blank', ...problem }), {
    status: problem.status,
    headers: { ...headers, 'content-type': 'application/problem+json; charset=utf-8' },
  })
