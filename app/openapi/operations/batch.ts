import * as examples from '../examples.ts'
import type { Operation } from '../operation.ts'
import { own } from './common.ts'

/** Many commands at once. */
export const batch: readonly Operation[] = [
  {
    id: 'sendBatch',
    method: 'post',
    path: '/v1/commands',
    tag: 'Batch',
    summary: 'Send many commands at once',
    description:
      'A command in each line, up to 10,000; the answer has a line for each, in the same order, streamed as they come. Each command has its own key and its own status, as if it were sent alone; a refused or broken line does not touch the others, and the batch as a whole is not atomic. Commands on one payment are done in the order of their lines. Blank lines are skipped. What comes after 10,000 commands is not done and gets one last line, `batchTooLong`. A batch whose answer was lost is sent again as it is.',
    roles: own,
    body: {
      schema: 'BatchCommand',
      mediaType: 'application/x-ndjson',
      examples: {
        twoLines: [
          '{"type":"authorize","idempotencyKey":"order-1","amount":12500,"currency":"INR","method":{"type":"upi","vpa":"asha@okbank"},"capture":"manual"}',
          `{"type":"capture","idempotencyKey":"order-1","paymentId":"${examples.capturedPayment.id}","amount":5000}`,
          '',
        ].join('\n'),
      },
    },
    answers: [
      { status: 200, says: 'A line for each command', schema: 'BatchAnswer', mediaType: 'application/x-ndjson' },
    ],
    problems: ['unsupportedMediaType', 'overloaded'],
  },
]
