/** Where a running installation is reached. `payment` is the id that the first payment will have. */
export type Whereabouts = {
  readonly url: string
  readonly metricsUrl: string
  readonly dataFolder: string
  /** A merchant to try things with; absent in production. */
  readonly demo?: { readonly merchantId: string; readonly key: string; readonly paymentId: string }
}

/** The Idempotency-Key of the first payment that the greeting proposes. */
export const firstPaymentKey = 'order-1'

const firstPayment = {
  amount: 12500,
  currency: 'INR',
  method: { type: 'upi', vpa: 'asha@okbank' },
  reference: 'order 1',
}

const tryIt = (url: string, { merchantId, key, paymentId }: NonNullable<Whereabouts['demo']>): string => `
  Key      ${key}  (demo merchant ${merchantId})

Make a payment:

  curl -i ${url}/v1/payments -H 'Authorization: Bearer ${key}' -H 'Idempotency-Key: ${firstPaymentKey}' -H 'Content-Type: application/json' -d '${JSON.stringify(firstPayment)}'

and read it:

  curl -i ${url}/v1/payments/${paymentId} -H 'Authorization: Bearer ${key}'
`

/** What people see once everything runs. */
export const greeting = ({ url, metricsUrl, dataFolder, demo }: Whereabouts): string => `
Daybook is ready.

  API      ${url}
  Docs     ${url}/docs
  Metrics  ${metricsUrl}
  Data     ${dataFolder}
${demo ? tryIt(url, demo) : '\nMake a key: npm run -s daybook -- keys create --role merchant --merchant ID\n'}
Ctrl-C stops it.

`
