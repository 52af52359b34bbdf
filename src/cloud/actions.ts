import type { Client as Cdb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cdb/v20170320/cdb_client'
import type { Client as Ckafka } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ckafka/v20190819/ckafka_client'
import type { Client as Clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_client'
import type { Client as Audit } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_client'
import type { Client as Cls } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_client'
import type { Client as Cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_client'
import type { Client as Mongodb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/mongodb/v20190725/mongodb_client'
import type { Client as Postgres } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_client'
import type { Client as Redis } from 'tencentcloud-sdk-nodejs/tencentcloud/services/redis/v20180412/redis_client'
import type { Client as Region } from 'tencentcloud-sdk-nodejs/tencentcloud/services/region/v20220627/region_client'
import type { Client as Tke } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tke/v20180525/tke_client'
import type { Client as Vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client'
import type { Action } from '../model/actions.ts'

export type { Action } from '../model/actions.ts'

/** Services and their API versions, as the SDK's own clients send them. */
export const SERVICES = {
  cdb: '2017-03-20',
  ckafka: '2019-08-19',
  clb: '2018-03-17',
  cloudaudit: '2019-03-19',
  cls: '2020-10-16',
  cvm: '2017-03-12',
  mongodb: '2019-07-25',
  postgres: '2017-03-12',
  redis: '2018-04-12',
  region: '2022-06-27',
  tke: '2018-05-25',
  vpc: '2017-03-12',
} as const

export type Service = keyof typeof SERVICES

interface Clients extends Record<Service, object> {
  cdb: Cdb
  ckafka: Ckafka
  clb: Clb
  cloudaudit: Audit
  cls: Cls
  cvm: Cvm
  mongodb: Mongodb
  postgres: Postgres
  redis: Redis
  region: Region
  tke: Tke
  vpc: Vpc
}

/** Digits where a double does not hold it (`exact-json.ts`). */
export type LongInteger = number | string

type LongToken<T, Long> = 'NextToken' extends keyof T ? Omit<T, 'NextToken'> & { NextToken?: Long } : T

/** The method of the SDK's client; an action that it does not have has no request that could be sent. */
type Method<A extends Action> = A extends `${infer S extends Service}:${infer Name}`
  ? Name extends keyof Clients[S]
    ? Clients[S][Name]
    : never
  : never

/** Request and answer of each action, in the SDK's types. */
type Calls = {
  [A in Action]: Method<A> extends (
    request: infer Request extends object,
  ) => Promise<infer Response extends object>
    ? A extends 'cloudaudit:DescribeEvents'
      ? [LongToken<Request, bigint>, LongToken<Response, LongInteger>]
      : [Request, Response]
    : never
}

/** An interface, so that the request of any action is known to be one of these. */
interface Actions extends Calls {}

export type RequestOf<A extends Action> = Actions[A][0]
export type ResponseOf<A extends Action> = Actions[A][1]
