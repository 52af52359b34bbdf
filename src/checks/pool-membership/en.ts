import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'no-targets': {
      title: '{pool} {pools|has|have} no {lacks}',
      detail: 'Without {lacks}, requests have nowhere to go, and there is no health check to look at.',
      fix: '{add} backends{orElse}.',
    },
    'all-weights-zero': {
      title: '{pool}: {count|the only backend has|all # backends have} weight 0',
      detail:
        'Backends with weight 0 are still probed but get no new requests; they also get none when CLB falls back to forwarding to all.',
      fix: 'Give the backends that should serve traffic a weight above 0.',
    },
    'check-disabled': {
      title: 'Health checks are off for {pool}',
      detail:
        'With the check off, CLB does not probe {count|this backend|these # backends} and keeps forwarding to all that have weight, dead ones included. Close does not mean healthy.',
      fix: '{tke}Turn the health check on at the listener or rule.',
    },
    'not-probed-yet': {
      title: '{pool}: {unknown|1 backend is|# backends are} not probed yet',
      detail:
        'Unknown means that probing has not started or has no result yet; until then these backends get no traffic. Look again shortly.',
      fix: null,
    },
    'warming-up': {
      title:
        '{pool}: {count|1 backend was|# backends were} bound a moment ago and {count|is|are} warming up: {targets}',
      detail:
        'The healthy threshold asks for several good probes in a row, and there was no time for that yet. So Dead or Unknown is normal now. They can be healthy from {readyAt} on: look again then.',
      fix: null,
    },
  },
  lacks: {
    backends: {
      lacks: 'backends',
      add: 'Bind',
      orElse: ', or delete listeners and rules that are no longer used',
    },
    rules: {
      lacks: 'forwarding rules',
      add: 'Create a rule and bind',
      orElse: ', or delete the listener if it is no longer used',
    },
    listeners: {
      lacks: 'listeners',
      add: 'Create a listener and bind',
      orElse: ', or delete the CLB if it is no longer used',
    },
  },
  managed: {
    add: 'TKE manages this CLB: bind or delete nothing by hand, because its controller would undo it. Let the controller bind',
    orElse:
      ': see whether the selector of the Service finds ready pods, whether its endpoints are empty, where its pods run if externalTrafficPolicy is Local, and what the events of the controller say',
  },
} as const satisfies Translation<typeof zhCN>
