// Sends one message to the address of the first argument, which may lead to this machine, and prints the outcome.
import { parseReceiverAddresses } from '../../../src/delivery/index.ts'
import { createPost } from '../../../src/delivery/post.ts'
import { NO_PROXIES } from '../../../src/net/index.ts'
import { blocked } from '../diagnoses.ts'

async function main(text: string) {
  const [address] = parseReceiverAddresses(text, { allowPrivate: true })
  if (!address) throw new Error('no address')
  const receiver = address.connect({ post: createPost(NO_PROXIES), now: Date.now })
  const delivery = {
    id: 'dx-0000000000000000',
    threadId: 'lb-7dpmqwcu',
    subjectFor: (fresh: string) => fresh,
    message: blocked(),
    attempt: 1,
    mayRepeat: false,
    triedAt: null,
    mentions: [],
    reference: null,
    room: 1,
  }
  return receiver.send(delivery, AbortSignal.timeout(10_000))
}

main(process.argv[2] ?? '').then(
  (outcome) => process.stdout.write(`${JSON.stringify(outcome)}\n`),
  (error: unknown) => process.stdout.write(`${JSON.stringify(String(error))}\n`),
)
