import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'timeout-not-below-interval': {
      title: "{pool}: the check's time-out ({timeout} s) is not below its interval ({interval} s)",
      detail:
        'The time-out should be below the interval; otherwise a slowish answer overlaps the next probe and good backends are judged Dead.',
      fix: 'Raise the interval above {timeout} s, or shorten the time-out.',
    },
    'port-differs': {
      title: '{pool}: the check goes to port {checkPort}, the backends serve on {ports}',
      detail:
        'Probes go to {checkPort}, not to the service port. If nothing listens there or it is not let in, backends that serve well are judged Dead.',
      fix: 'Make sure that the backends listen on {checkPort}; otherwise clear the check port so that the backend port is used.',
    },
    'host-missing': {
      title: '{pool}: the HTTP/1.1 check has no Host',
      detail:
        'A TCP listener that checks with HTTP/1.1 needs a Host; without it many backends answer 400 or 404.',
      fix: 'Set the check domain in the health check.',
    },
    'codes-exclude-2xx': {
      title: '{pool}: the expected codes leave out 2xx',
      detail: 'HttpCode={mask} leaves out 2xx: backends that answer 200 are judged Dead.',
      fix: 'Tick http_2xx among the expected codes.',
    },
    'https-to-backend': {
      title: '{pool} probes its backends over HTTPS',
      detail:
        "The backends must speak TLS on that port, with a certificate; Tencent Cloud's guide advises HTTP when such a check fails.",
      fix: 'If the backend port speaks plain HTTP, set the backend protocol and the check to HTTP.',
    },
    'method-head': {
      title: '{pool} checks with the HEAD method',
      detail:
        'Some applications do not support HEAD (they answer 405 or 501). Request {path} with HEAD on a backend and see whether the code is among the expected ones.',
      fix: 'If the application does not support HEAD, change the method to GET.',
    },
  },
} as const satisfies Translation<typeof zhCN>
