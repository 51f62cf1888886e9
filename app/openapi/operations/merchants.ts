import type { Operation } from '../operation.ts'
import { body, everybody, current, operator } from './common.ts'

const merchantExample = {
  id: '1042',
  name: 'Asha Books',
  fees: { default: { basisPoints: 200, fixed: 0 } },
  gateway: 'sandbox',
  keys: [],
  createdAt: '2025-05-01T08:00:00.000Z',
}

const forgotten = {
  merchantId: '1042',
  customerId: 'cust_81',
  done: true,
  position: '182734',
  found: 12,
  transactions: 12,
  plain: { count: 0, first: [] },
  unreadable: 0,
}

/** What operators do with merchants, and how they are read. */
export const merchants: readonly Operation[] = [
  {
    id: 'registerMerchant',
    method: 'post',
    path: '/v1/merchants',
    tag: 'Merchants',
    summary: 'Register a merchant',
    roles: operator,
    body: { schema: 'MerchantRequest', examples: { merchant: { id: '1042', name: 'Asha Books' } } },
    answers: [
      {
        status: 201,
        says: 'The merchant',
        schema: 'Merchant',
        headers: ['Daybook-Position', 'Location'],
        examples: { registered: merchantExample },
      },
    ],
    problems: [...body, 'cardDataRefused', 'conflict', 'merchantExists'],
  },
  {
    id: 'setFees',
    method: 'put',
    path: '/v1/merchants/{merchantId}/fees',
    tag: 'Merchants',
    summary: 'Set the fee schedule',
    description: 'Counts for captures from now on.',
    roles: operator,
    body: {
      schema: 'FeeSchedule',
      examples: {
        schedule: { default: { basisPoints: 200, fixed: 0 }, methods: { upi: { basisPoints: 0, fixed: 0 } } },
      },
    },
    answers: [
      {
        status: 200,
        says: 'The merchant',
        schema: 'Merchant',
        headers: ['Daybook-Position'],
        examples: { changed: merchantExample },
      },
    ],
    problems: [...body, 'conflict', 'merchantNotFound'],
  },
  {
    id: 'setGateway',
    method: 'put',
    path: '/v1/merchants/{merchantId}/gateway',
    tag: 'Merchants',
    summary: 'Choose the gateway for new payments',
    roles: operator,
    body: { schema: 'GatewayRequest', examples: { sandbox: { gateway: 'sandbox' } } },
    answers: [
      {
        status: 200,
        says: 'The merchant',
        schema: 'Merchant',
        headers: ['Daybook-Position'],
        examples: { changed: merchantExample },
      },
    ],
    problems: [...body, 'conflict', 'merchantNotFound'],
  },
  {
    id: 'issueKey',
    method: 'post',
    path: '/v1/merchants/{merchantId}/keys',
    tag: 'Merchants',
    summary: 'Issue an API key',
    description:
      "The answer is the only time the key is shown. Keys of finance, auditors and operators are issued below the reserved merchant `daybook`. A lost answer can't be repeated: revoke the key and issue another.",
    roles: operator,
    body: { schema: 'KeyRequest', examples: { merchant: {}, auditor: { role: 'auditor' } } },
    answers: [{ status: 201, says: 'The key', schema: 'IssuedKey', headers: ['Daybook-Position'] }],
    problems: [...body, 'conflict', 'merchantNotFound', 'roleNotAllowed'],
  },
  {
    id: 'revokeKey',
    method: 'delete',
    path: '/v1/merchants/{merchantId}/keys/{keyId}',
    tag: 'Merchants',
    summary: 'Revoke an API key',
    description: 'Can be repeated.',
    roles: operator,
    answers: [{ status: 204, says: 'It is revoked', headers: ['Daybook-Position'] }],
    problems: ['conflict', 'keyNotFound', 'merchantNotFound', 'overloaded'],
  },
  {
    id: 'forgetCustomer',
    method: 'post',
    path: '/v1/merchants/{merchantId}/customers/{customerId}/forget',
    tag: 'Merchants',
    summary: "Forget a customer's personal data",
    description:
      'Destroys the keys of all payments of the customer: what is personal in them is shown as null from then on, and `forgotten` says so; amounts, statuses and everything else stay. That it happened is recorded first. The log is read for it, so a long one answers 202 before it is done: send it again until `done`. It can be repeated at any time, also after an error, and does what is left. Payments that come later are as any other.',
    roles: operator,
    body: { schema: 'ForgetRequest', examples: { ticket: { reason: 'Ticket 4711' } } },
    answers: [
      {
        status: 200,
        says: 'It is done',
        schema: 'Forgetting',
        headers: ['Daybook-Position'],
        examples: { forgotten },
      },
      {
        status: 202,
        says: 'It goes on',
        schema: 'Forgetting',
        headers: ['Daybook-Position'],
        examples: { underWay: { ...forgotten, done: false, position: '60000', found: 4, transactions: 4 } },
      },
    ],
    problems: [...body, 'cardDataRefused', 'conflict', 'customerNotFound', 'keyStoreUnavailable', 'merchantNotFound'],
  },
  {
    id: 'getMerchant',
    method: 'get',
    path: '/v1/merchants/{merchantId}',
    tag: 'Merchants',
    summary: 'Get a merchant',
    roles: everybody,
    answers: [
      current('The merchant', 'Merchant', {
        id: '1042',
        name: 'Asha Books',
        fees: { default: { basisPoints: 200, fixed: 0 } },
        gateway: 'sandbox',
        keys: [{ id: 'k_7a1c', role: 'merchant', revoked: false }],
        createdAt: '2025-05-01T08:00:00.000Z',
      }),
    ],
    problems: ['merchantNotFound'],
  },
]
