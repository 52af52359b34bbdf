import type { Action } from '../model/actions/index.ts'
import type { Clients, SdkRequest } from './sdk.ts'
import type { Shaped } from './shape.ts'
import type { SHAPES } from './shapes.ts'

export type { Action } from '../model/actions/index.ts'

/** Services with their API versions, as the SDK's own clients send them. */
export const SERVICES = {
  cdb: '2017-03-20',
  ckafka: '2019-08-19',
  clb: '2018-03-17',
  cloudaudit: '2019-03-19',
  cls: '2020-10-16',
  cvm: '2017-03-12',
  mongodb: '2019-07-25',
  monitor: '2018-07-24',
  postgres: '2017-03-12',
  redis: '2018-04-12',
  region: '2022-06-27',
  scf: '2018-04-16',
  tat: '2020-10-28',
  tke: '2018-05-25',
  vpc: '2017-03-12',
} as const satisfies Record<keyof Clients, string>

export type Service = keyof typeof SERVICES

export type RequestOf<A extends Action> = SdkRequest<A>

type Answers = { [A in Action]: Shaped<(typeof SHAPES)[A]> }

/** An answer after the shape check: only the fields of its shape. */
export type ResponseOf<A extends Action> = Answers[A]
