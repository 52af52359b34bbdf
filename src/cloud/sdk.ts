import type { Client as Cdb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cdb/v20170320/cdb_client'
import type { Client as Ckafka } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ckafka/v20190819/ckafka_client'
import type { Client as Clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_client'
import type { Client as Audit } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_client'
import type { Client as Cls } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_client'
import type { Client as Cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_client'
import type { Client as Mongodb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/mongodb/v20190725/mongodb_client'
import type { Client as Monitor } from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/v20180724/monitor_client'
import type { Client as Postgres } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_client'
import type { Client as Redis } from 'tencentcloud-sdk-nodejs/tencentcloud/services/redis/v20180412/redis_client'
import type { Client as Region } from 'tencentcloud-sdk-nodejs/tencentcloud/services/region/v20220627/region_client'
import type { Client as Scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client'
import type { Client as Tat } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tat/v20201028/tat_client'
import type { Client as Tke } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tke/v20180525/tke_client'
import type { Client as Vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client'
import type { Action } from '../model/actions/index.ts'

/** The SDK's client of each service. */
export interface Clients {
  cdb: Cdb
  ckafka: Ckafka
  clb: Clb
  cloudaudit: Audit
  cls: Cls
  cvm: Cvm
  mongodb: Mongodb
  monitor: Monitor
  postgres: Postgres
  redis: Redis
  region: Region
  scf: Scf
  tat: Tat
  tke: Tke
  vpc: Vpc
}

/** A string of digits if a double cannot hold the number (`exact-json.ts`). */
type LongInteger = number | string

type LongToken<T, Long> = 'NextToken' extends keyof T ? Omit<T, 'NextToken'> & { NextToken?: Long } : T

/** The method of the SDK's client. An action that the client lacks does not compile. */
type Method<A extends Action> = A extends `${infer S extends keyof Clients}:${infer Name}`
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
    : // The SDK writes a request without parameters as null.
      Method<A> extends (request: null) => Promise<infer Response extends object>
      ? [Record<string, never>, Response]
      : never
}

/** An interface, so that TypeScript can resolve the request of a generic action. */
interface Actions extends Calls {}

export type SdkRequest<A extends Action> = Actions[A][0]
export type SdkResponse<A extends Action> = Calls[A][1]
