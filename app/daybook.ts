#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander'
import { roles } from '../domain/merchant/role.ts'
import { loadConfig } from '../infra/config/load-config.ts'
import { messageOf } from './start-error.ts'
import { readVersion } from './version.ts'

const upTo =
  (most: number) =>
  (text: string): number => {
    const number = Number(text)
    if (!Number.isInteger(number) || number < 1 || number > most)
      throw new InvalidArgumentError(`It is 1 to ${most.toLocaleString('en-US')}.`)
    return number
  }

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}

const reason = (text: string): string => {
  if (text === '' || text.length > 500 || /\p{Cc}/u.test(text))
    throw new InvalidArgumentError('It has 1 to 500 characters, and no control characters.')
  return text
}

const roleOption = () => new Option('--role <role>', 'whom it speaks for').choices(roles).makeOptionMandatory()
const merchantOption = () =>
  new Option('--merchant <id>', 'the merchant; needed for the role merchant, and for no other')

// Each command loads its own part only: making a key must not wait for a server to be loaded.
const program = new Command('daybook')
  .description('An event-sourced, double-entry transaction ledger for payments')
  .showHelpAfterError('(daybook --help lists what there is)')

program
  .command('start')
  .description('run everything on this machine until Ctrl-C')
  .action(async () => {
    const { start } = await import('./start.ts')
    process.exitCode = await start(loadConfig())
  })

const run = program
  .command('run')
  .description('run one task of an installation, as often as one likes (docs/CLUSTER.md)')

run
  .command('command-side')
  .description('take commands')
  .action(async () => {
    const { runCommandSide } = await import('./run/command-side.ts')
    process.exitCode = await runCommandSide(loadConfig())
  })

run
  .command('query-side')
  .description('answer reads')
  .action(async () => {
    const { runQuerySide } = await import('./run/query-side.ts')
    process.exitCode = await runQuerySide(loadConfig())
  })

run
  .command('projections')
  .description('keep the read models up to the log')
  .action(async () => {
    const { runProjectionsAlone } = await import('./run/projections.ts')
    process.exitCode = await runProjectionsAlone(loadConfig())
  })

run
  .command('relay')
  .description('send events to Kafka; one is active, others stand by')
  .action(async () => {
    const { runRelayAlone } = await import('./run/relay.ts')
    process.exitCode = await runRelayAlone(loadConfig())
  })

run
  .command('notary')
  .description('sign checkpoints of the event store; one at a time')
  .action(async () => {
    const { runNotaryAlone } = await import('./run/notary.ts')
    process.exitCode = await runNotaryAlone(loadConfig())
  })

run
  .command('reconciler')
  .description('compare everything that is made from the log with it; one is active, others stand by')
  .action(async () => {
    const { runReconcilerAlone } = await import('./run/reconciler.ts')
    process.exitCode = await runReconcilerAlone(loadConfig())
  })

const keys = program.command('keys').description('API keys and signed tokens')

keys
  .command('create')
  .description('make a key, print it and keep nothing but its hash; registers a merchant that is not known')
  .addOption(roleOption())
  .addOption(merchantOption())
  .action(async (options) => {
    const { createKey } = await import('./keys/create-key.ts')
    console.log(await createKey(loadConfig(), options))
  })

keys
  .command('revoke')
  .description('make a key useless: from the next request on, in a cluster a second later')
  .argument('<key>', 'the key itself, or its id as `keys list` shows it')
  .addOption(new Option('--merchant <id>', 'whose key the id is; absent for finance, auditors and operators'))
  .action(async (key: string, options) => {
    const { revokeKey } = await import('./keys/revoke-key.ts')
    const untold = 'Redis could not be told: instances that know the key take it until the projections have seen this'
    const warn = (): void => void process.stderr.write(`daybook: ${untold}\n`)
    console.log(`revoked ${await revokeKey(loadConfig(), key, options, warn)}`)
  })

keys
  .command('list')
  .description('the keys of a merchant, or those of finance, auditors and operators')
  .addOption(new Option('--merchant <id>', 'the merchant'))
  .action(async (options) => {
    const { listKeys } = await import('./keys/list-keys.ts')
    for (const line of await listKeys(loadConfig(), options)) console.log(line)
  })

keys
  .command('token')
  .description('print a signed token (JWT) that expires by itself')
  .addOption(roleOption())
  .addOption(merchantOption())
  .option('--expires <duration>', 'for how long it is good: 90s, 15m, 1h, 30d', '1h')
  .action(async (options) => {
    const { createToken } = await import('./keys/create-token.ts')
    console.log(await createToken(loadConfig(), options))
  })

program
  .command('import')
  .description('send the rows of a CSV file as commands, by a mapping (docs/IMPORT.md)')
  .argument('<file>', 'a .csv, or a .zip with one .csv in it')
  .requiredOption('--mapping <file>', 'how rows become commands')
  .option('--url <url>', 'where Daybook listens (default: http://127.0.0.1:$PORT)')
  .option('--key <key>', "whose key to use (default: the demo merchant's)")
  .option('--concurrency <requests>', 'how many requests are under way at once', upTo(64), 4)
  .action(async (file: string, options) => {
    const { runImport } = await import('./import/run-import.ts')
    process.exitCode = await runImport(loadConfig(), file, options)
  })

program
  .command('verify')
  .description('recompute everything in the log and compare it with what was signed (docs/AUDIT.md)')
  .option('--from <position>', 'only what comes after the last checkpoint before this')
  .option('--to <position>', 'only what comes up to this')
  .option(
    '--stream <name>',
    'only this stream: payment-pay_…, payout-po_…, merchant-…, gateway-…, projection-… or reconciliation-…',
  )
  .option('--key <verifier>', "the ledger's first key, as it was given to you: name+id+key")
  .option('--no-read-models', 'the log alone, and not what the read models have of it')
  .action(async (options) => {
    const { runVerify } = await import('./verify/run-verify.ts')
    process.exitCode = await runVerify(loadConfig(), options)
  })

const audit = program.command('audit').description('take the books home and verify them there (docs/AUDIT.md)')

audit
  .command('export')
  .description('write a bundle that proves itself: events, checkpoints, keys, schemas and a verifier')
  .requiredOption('--out <folder>', 'where to; a folder that is not there yet')
  .option('--from <position>', 'the first event (default: the first of all)')
  .option('--to <position>', 'the last event (default: the last that was signed)')
  .option('--merchant <id>', 'only events of this merchant')
  .action(async (options) => {
    const { runExport } = await import('./audit/run-export.ts')
    await runExport(loadConfig(), options)
  })

audit
  .command('verify')
  .description('verify a bundle, without network, database or keys')
  .argument('<bundle>', 'its folder')
  .option('--key <verifier>', "the ledger's first key, as it was given to you: name+id+key")
  .action(async (bundle: string, options) => {
    const { runVerifyBundle } = await import('./audit/run-verify-bundle.ts')
    process.exitCode = await runVerifyBundle(bundle, options)
  })

program
  .command('forget')
  .description('destroy the keys of what is personal of a customer, a payment or a payout (docs/AUDIT.md)')
  .argument('[customer]', "the customer's id, as the merchant gave it")
  .option('--merchant <id>', 'whose customer it is')
  .option('--payment <id>', 'of one payment')
  .option('--payout <id>', 'of one payout')
  .requiredOption('--reason <text>', 'recorded for good, so without personal data: the number of a ticket, say', reason)
  .action(async (customer: string | undefined, options) => {
    const { runForget } = await import('./forget/run-forget.ts')
    process.exitCode = await runForget(loadConfig(), customer, options)
  })

program
  .command('diff')
  .description('say what changed in the books between two positions or instants, from the log alone')
  .requiredOption('--from <position>', 'after this: a Daybook-Position, or an ISO 8601 instant or date')
  .requiredOption('--to <position>', 'up to this')
  .option('--merchant <id>', 'of one merchant')
  .option('--limit <entries>', 'how long each list may be', upTo(100_000), 20)
  .option('--json', 'as JSON')
  .action(async (options) => {
    const { runDiff } = await import('./diff/run-diff.ts')
    process.exitCode = await runDiff(loadConfig(), options)
  })

program
  .command('rebuild')
  .description('build a projection again beside the live copy, compare them, and switch (docs/REBUILD.md)')
  .argument('<projection>', 'payments, payouts, journal or periods')
  .option('--shard <number>', 'this shard alone', wholeNumber)
  .option('--to <position>', 'up to this position only, to be looked at')
  .option('--max-rate <events>', 'events a second at most', wholeNumber)
  .option('--switch', 'then read from the new copy')
  .option('--diff', 'compare only')
  .option('--rollback', 'read from the old copy again')
  .option('--drop', 'drop the copy that is not live')
  .action(async (projection: string, options) => {
    const { runRebuild } = await import('./rebuild/run-rebuild.ts')
    process.exitCode = await runRebuild(loadConfig(), projection, options)
  })

program
  .command('parked')
  .description(
    'list the streams that a projection has set aside, show one, try it again or discard it (docs/REBUILD.md)',
  )
  .argument('<projection>', 'payments, payouts, journal or periods')
  .option('--stream <stream>', 'this one, with the events that are not applied')
  .option('--retry', 'try it again; without --stream all that are not discarded')
  .option('--discard <reason>', 'record that it is to be left so, and why')
  .option('--url <url>', 'where the ledger is (default: on this machine)')
  .option('--key <key>', "an operator's key (default: by the data folder)")
  .option('--json', 'as JSON, a line each')
  .action(async (projection: string, options) => {
    const { runParked } = await import('./parked/run-parked.ts')
    process.exitCode = await runParked(loadConfig(), projection, options)
  })

program
  .command('reconcile')
  .description('say what differs from the log, and repair it (docs/RECONCILIATION.md)')
  .option('--once', 'compare everything now, instead of saying what the reconciler has found')
  .option('--repair', 'order the repair of all that differs, and make it')
  .option('--reason <text>', 'why, for the record of it', 'ordered on the command line')
  .option('--json', 'as JSON')
  .action(async (options) => {
    const { runReconcile } = await import('./reconciliation/run-reconcile.ts')
    process.exitCode = await runReconcile(loadConfig(), options)
  })

program
  .command('version')
  .description('print the version')
  .action(() => console.log(readVersion()))

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`daybook: ${messageOf(error)}\n`)
  process.exitCode = 1
}
