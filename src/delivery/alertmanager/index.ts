import { isScan } from '../../model/message.ts'
import { Secret } from '../../model/secret.ts'
import { renderAlert } from '../../render/index.ts'
import {
  type Address,
  basicOf,
  identityOf,
  loginIn,
  type Means,
  type ReceiverKind,
  webAddress,
} from '../address.ts'
import { alertsIn, knownOf } from '../alerts.ts'
import { isWebPage, outcomeOfStatus, PATIENT_ATTEMPT_MS, WEB_PAGE } from '../post.ts'
import type { Receiver } from '../receiver.ts'

const PATH = '/api/v2/alerts'
/** An alert ends 10 minutes after it was told last. Two of three repeats may fail. */
const RESEND_MS = 3 * 60_000

interface AlertmanagerAddress extends Address {
  readonly kind: 'alertmanager'
  readonly url: Secret
  /** The value of the header Authorization. Null: no user in the address. */
  readonly login: Secret | null
}

export const alertmanager = {
  parse(given, fail): AlertmanagerAddress | null {
    const url = webAddress(given, 'alertmanager', fail)
    if (!url) return null
    const login = loginIn(url, `alertmanager ${url.hostname}`, fail)
    url.username = ''
    url.password = ''
    const base = url.pathname.replace(/\/+$/, '')
    url.pathname = base.endsWith(PATH) ? base : `${base}${PATH}`
    const address: AlertmanagerAddress = {
      kind: 'alertmanager',
      label: `alertmanager ${url.host}`,
      identity: identityOf('alertmanager', url.host, url.pathname),
      // A proxy before it may ask who it is for.
      variant: login?.user ?? '',
      url: new Secret(url.href),
      login: login && new Secret(basicOf(login)),
      connect: (means) => createAlertmanagerReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/**
 * Alertmanager's API v2: one alert for each incident and CLB. The same alert may come any number of times. Its labels are
 * its identity, so a severity or a cause that changed makes another alert. The reference holds the labels that were told
 * last, and the next message ends those that no longer hold.
 */
export function createAlertmanagerReceiver(receiver: AlertmanagerAddress, { post, now }: Means): Receiver {
  return {
    kind: 'alertmanager',
    label: receiver.label,
    idempotent: true,
    keepsEach: true,
    attemptMs: PATIENT_ATTEMPT_MS,
    resendMs: RESEND_MS,
    async send({ message, reference }, signal) {
      const words = await renderAlert(message)
      const alerts = alertsIn(message, { words, now: now(), known: knownOf(reference) })
      if (alerts.sent.length === 0)
        return {
          kind: 'delivered',
          reason: isScan(message) ? 'a scan makes no alert' : 'none of its alerts is known to be open',
        }
      const headers = {
        'content-type': 'application/json',
        ...(receiver.login ? { authorization: receiver.login.reveal() } : {}),
      }
      const content = { headers, body: JSON.stringify(alerts.sent), isPatient: true }
      const posted = await post(receiver.url.reveal(), content, signal)
      if (posted.kind === 'failed') return posted.outcome
      const outcome = outcomeOfStatus(posted, now()) ?? (isWebPage(posted) ? WEB_PAGE : null)
      return outcome ?? { kind: 'delivered', reference: JSON.stringify(alerts.open) }
    },
  }
}
