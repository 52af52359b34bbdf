import { type Answer, ApiError, type Request } from './api.ts'
import type { SimulatedActions } from './parameters.ts'
import type { World } from './world.ts'

const MOST_BYTES = 128 * 1024

/** scf:Invoke (2018-04-16), asynchronous only. The world keeps what the function is to get. */
function invoke(world: World, request: Request): Answer {
  const { FunctionName, Namespace = 'default', InvocationType, ClientContext = '' } = request
  if (InvocationType !== 'Event')
    throw new ApiError('InvalidParameterValue.InvocationType', 'only Event is simulated')
  const context = String(ClientContext)
  if (Buffer.byteLength(context) > MOST_BYTES)
    throw new ApiError('LimitExceeded.ClientContext', `more than ${MOST_BYTES} bytes`)
  try {
    JSON.parse(context)
  } catch (cause) {
    throw new ApiError('InvalidParameter.Payload', 'ClientContext is not JSON', { cause })
  }
  const found = (world.functions ?? []).find(
    ({ name, namespace }) => name === FunctionName && namespace === Namespace,
  )
  if (!found) throw new ApiError('ResourceNotFound.FunctionName', `no function ${String(FunctionName)}`)
  found.invoked.push(context)
  return {
    Result: {
      MemUsage: 0,
      Log: '',
      RetMsg: '',
      BillDuration: 0,
      FunctionRequestId: `5cf0c8a1-0000-4000-8000-${String(found.invoked.length).padStart(12, '0')}`,
      Duration: 0,
      ErrMsg: '',
      InvokeResult: 0,
    },
  }
}

export const actions = {
  'scf:Invoke': {
    takes: {
      FunctionName: 'text',
      InvocationType: 'text',
      Qualifier: 'text',
      ClientContext: 'text',
      Namespace: 'text',
    },
    needs: 'FunctionName',
    answer: invoke,
  },
} as const satisfies SimulatedActions
