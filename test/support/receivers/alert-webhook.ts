import * as v from 'valibot'
import { type StandIn, standIn } from './stand-in.ts'

const Labels = v.record(v.pipe(v.string(), v.regex(/^[a-zA-Z_]\w*$/)), v.pipe(v.string(), v.minLength(1)))
const Time = v.pipe(v.string(), v.isoTimestamp())

/** Alertmanager's webhook, version 4, without more fields than it has. */
export const ALERT_GROUP = v.strictObject({
  version: v.literal('4'),
  groupKey: v.pipe(v.string(), v.regex(/^\{\}:\{.+\}$/)),
  truncatedAlerts: v.literal(0),
  status: v.picklist(['firing', 'resolved']),
  receiver: v.string(),
  groupLabels: Labels,
  commonLabels: Labels,
  commonAnnotations: v.record(v.string(), v.string()),
  externalURL: v.string(),
  alerts: v.pipe(
    v.array(
      v.strictObject({
        status: v.picklist(['firing', 'resolved']),
        labels: Labels,
        annotations: v.objectWithRest({ summary: v.string(), description: v.string() }, v.string()),
        startsAt: Time,
        endsAt: Time,
        generatorURL: v.string(),
        fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
      }),
    ),
    v.minLength(1),
  ),
})
export type AlertGroupBody = v.InferOutput<typeof ALERT_GROUP>

/** A program that takes Alertmanager's webhook and nothing else. */
export function startAlertWebhook(path: string): Promise<StandIn> {
  return standIn(path, ({ url, headers, body }, show) => {
    if (url.pathname !== path || url.searchParams.has('body')) return { status: 404, body: '' }
    if (headers['content-type'] !== 'application/json') return { status: 415, body: '' }
    const group = v.safeParse(ALERT_GROUP, JSON.parse(body))
    if (!group.success) return { status: 400, body: v.summarize(group.issues) }
    show({ text: body, mentions: [] })
    return { status: 200, body: '' }
  })
}
