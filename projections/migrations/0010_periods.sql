-- Runs once in each shard's schema (search_path is set by the runner).

-- Sums over the periods of a log, each from sequence `first` on and `size` sequences long, of a few sizes that lie in one
-- another: what the books were at any position is the sum of a bounded number of rows. The merchant '' stands for all of
-- the shard. The projection `periods` fills all of this from the log, also where the other tables are there already.
-- A row for all of a merchant's accounts in one currency: one for each account would cost several times as much to write.
create table period_totals (
  merchant_id text not null,
  currency    text not null,
  log         smallint not null,
  size        bigint not null,
  first       bigint not null,
  pending_gateway_receivable_debit bigint not null,
  pending_gateway_receivable_credit bigint not null,
  pending_merchant_pending_debit bigint not null,
  pending_merchant_pending_credit bigint not null,
  posted_merchant_pending_debit bigint not null,
  posted_merchant_pending_credit bigint not null,
  posted_merchant_available_debit bigint not null,
  posted_merchant_available_credit bigint not null,
  posted_payouts_in_transit_debit bigint not null,
  posted_payouts_in_transit_credit bigint not null,
  posted_gateway_receivable_debit bigint not null,
  posted_gateway_receivable_credit bigint not null,
  posted_bank_debit bigint not null,
  posted_bank_credit bigint not null,
  posted_fees_debit bigint not null,
  posted_fees_credit bigint not null,
  posted_disputes_debit bigint not null,
  posted_disputes_credit bigint not null,
  primary key (merchant_id, currency, log, size, first)
);

-- The same by account.
create view period_balances as
  select merchant_id, currency, log, size, first, account.layer, account.account, account.debit, account.credit
  from period_totals
  cross join lateral (
    values
      ('pending', 'gatewayReceivable', pending_gateway_receivable_debit, pending_gateway_receivable_credit),
      ('pending', 'merchantPending', pending_merchant_pending_debit, pending_merchant_pending_credit),
      ('posted', 'merchantPending', posted_merchant_pending_debit, posted_merchant_pending_credit),
      ('posted', 'merchantAvailable', posted_merchant_available_debit, posted_merchant_available_credit),
      ('posted', 'payoutsInTransit', posted_payouts_in_transit_debit, posted_payouts_in_transit_credit),
      ('posted', 'gatewayReceivable', posted_gateway_receivable_debit, posted_gateway_receivable_credit),
      ('posted', 'bank', posted_bank_debit, posted_bank_credit),
      ('posted', 'fees', posted_fees_debit, posted_fees_credit),
      ('posted', 'disputes', posted_disputes_debit, posted_disputes_credit)
  ) as account (layer, account, debit, credit)
  where account.debit > 0 or account.credit > 0;

create table period_daily_totals (
  merchant_id       text not null,
  day               date not null,
  currency          text not null,
  log               smallint not null,
  size              bigint not null,
  first             bigint not null,
  authorized_count  bigint not null,
  authorized_amount bigint not null,
  captured_count    bigint not null,
  captured_amount   bigint not null,
  refunded_count    bigint not null,
  refunded_amount   bigint not null,
  disputed_count    bigint not null,
  disputed_amount   bigint not null,
  fees_count        bigint not null,
  fees_amount       bigint not null,
  primary key (merchant_id, day, currency, log, size, first)
);

-- When the events of a period were recorded, and the sequence of its last one.
create table period_times (
  log      smallint not null,
  size     bigint not null,
  first    bigint not null,
  earliest timestamptz not null,
  latest   timestamptz not null,
  last     bigint not null,
  primary key (log, size, first)
);
