import { type Answer, ApiError, type Request } from './api.ts'
import type { SimulatedActions } from './parameters.ts'
import type { AuditRecord, World } from './world.ts'

/**
 * Page tokens are numbers above 2^53. The last digits encode where the page begins. Every token is odd, so a client
 * that reads it as a double gets another number.
 */
const TOKEN_BASE = 16_805_138_109_000_000n

interface Wanted {
  readonly AttributeKey: string
  readonly AttributeValue: string
}

/** cloudaudit:DescribeEvents (2019-03-19): newest first, at most 50 per page. A record must fit all conditions. */
function describeEvents(world: World, request: Request): Answer {
  const [from, to] = [Number(request.StartTime), Number(request.EndTime)]
  if (!(from < to) || to - from >= 30 * 86_400)
    throw new ApiError('InvalidParameter.Time', 'StartTime must be before EndTime, by less than 30 days')
  const size = Number(request.MaxResults ?? 10)
  if (size < 1 || size > 50) throw new ApiError('LimitExceeded.OverAmount', 'MaxResults is 1 to 50')
  const wanted = (Array.isArray(request.LookupAttributes) ? request.LookupAttributes : []) as Wanted[]
  const found = world.audit
    .filter((record) => from <= record.at && record.at <= to && wanted.every((one) => fits(record, one)))
    .sort((a, b) => b.at - a.at)
  const begin = request.NextToken === undefined ? 0 : startOf(request.NextToken, found.length)
  const end = Math.min(begin + size, found.length)
  const ListOver = end >= found.length
  return {
    ListOver,
    TotalCount: found.length,
    Events: found.slice(begin, end).map((record, i) => event(record, begin + i)),
    ...(ListOver ? {} : { NextToken: TOKEN_BASE + BigInt(end) * 2n + 1n }),
  }
}

/** The index of the first record of the page. Refuses a token that was never given out. */
function startOf(token: unknown, length: number): number {
  const begin = typeof token === 'bigint' ? Number((token - TOKEN_BASE - 1n) / 2n) : Number.NaN
  if (!(begin > 0 && begin < length) || TOKEN_BASE + BigInt(begin) * 2n + 1n !== token)
    throw new ApiError('InvalidParameterValue.NextToken', 'there is no such page')
  return begin
}

function fits(record: AuditRecord, { AttributeKey, AttributeValue }: Wanted): boolean {
  switch (AttributeKey) {
    case 'ActionType':
      return (AttributeValue === 'Write') === record.write
    case 'EventName':
      return AttributeValue.split(',').includes(record.event)
    case 'ResourceName':
    case 'ResourceId':
      return record.resourceId === AttributeValue
    default:
      throw new ApiError('InvalidParameterValue.attributeKey', `no attribute ${AttributeKey}`)
  }
}

function event(record: AuditRecord, n: number): Answer {
  const id = `008ef803-4549-41fe-a7e6-${String(n).padStart(12, '0')}`
  const session = { token: record.token, userIp: record.sourceIp, uin: 100000000001 }
  return {
    EventId: id,
    EventName: record.event,
    EventNameCn: record.event,
    EventTime: String(record.at),
    EventRegion: 'ap-guangzhou',
    EventSource: `${record.resourceType}.tencentcloudapi.com`,
    RequestID: id,
    ErrorCode: 0,
    SecretId: record.secretId,
    SourceIPAddress: record.sourceIp,
    Username: record.actor,
    AccountID: 100000000001,
    ResourceRegion: 'ap-guangzhou',
    ResourceTypeCn: record.resourceType,
    Resources: { ResourceType: record.resourceType, ResourceName: record.resourceId },
    Location: '',
    CloudAuditEvent: JSON.stringify({
      userIdentity: {
        principalId: '100000000001',
        secretId: record.secretId,
        sessionContext: JSON.stringify(session),
        type: 'CAMUser',
        userName: record.actor,
      },
      eventName: record.event,
      actionType: record.write ? 'Write' : 'Read',
      apiErrorCode: record.apiErrorCode,
      eventTime: record.at,
      sourceIPAddress: record.sourceIp,
      resourceType: record.resourceType,
      resourceName: record.resourceId,
      requestParameters: JSON.stringify(record.parameters ?? { ResourceId: record.resourceId }),
    }),
  }
}

/** cls:SearchLog (2020-10-16) for the health-check log of a CLB. Context is the index of the next line. */
function searchLog(world: World, request: Request): Answer {
  const flips = world.healthLogs[String(request.TopicId)]
  if (!flips) throw new ApiError('ResourceNotFound.TopicNotExist', `no topic ${String(request.TopicId)}`)
  const found = flips
    .filter(({ at }) => Number(request.From) <= at && at < Number(request.To))
    .sort((a, b) => (request.Sort === 'asc' ? a.at - b.at : b.at - a.at))
  const begin = Number(request.Context ?? 0)
  const end = begin + Number(request.Limit ?? 100)
  const ListOver = end >= found.length
  return {
    Context: ListOver ? '' : String(end),
    ListOver,
    Analysis: false,
    Results: found.slice(begin, end).map(({ at, ip, port, vip, vport, healthy }) => ({
      Time: at,
      TopicId: request.TopicId,
      TopicName: 'clb_health_topic',
      Source: '',
      FileName: '',
      LogJson: JSON.stringify({
        protocol: 'tcp',
        rsip: ip,
        rsport: String(port),
        rs_vpcid: '86323',
        vip,
        vport: String(vport),
        vpcid: '86323',
        time: new Date(at + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 19),
        status: String(healthy),
        domain: '',
        url: '',
      }),
    })),
  }
}

export const actions: SimulatedActions = {
  'cloudaudit:DescribeEvents': {
    takes: {
      StartTime: 'number',
      EndTime: 'number',
      MaxResults: 'number',
      NextToken: 'whole',
      LookupAttributes: 'list',
    },
    needs: 'StartTime',
    answer: describeEvents,
  },
  'cls:SearchLog': {
    takes: {
      From: 'number',
      To: 'number',
      Context: 'text',
      QueryString: 'text',
      QuerySyntax: 'number',
      Query: 'text',
      TopicId: 'text',
      Sort: 'text',
      Limit: 'number',
    },
    needs: 'TopicId',
    answer: searchLog,
  },
}
