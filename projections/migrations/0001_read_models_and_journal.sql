-- Runs once in each shard's schema (search_path is set by the runner).

create table cursors (
  projection text not null,
  log        smallint not null,
  sequence   bigint not null,
  updated_at timestamptz not null default now(),
  primary key (projection, log)
);

create table parked_streams (
  projection text not null,
  stream     text not null,
  log        smallint not null,
  sequence   bigint not null,
  event_type text not null,
  reason     text not null,
  parked_at  timestamptz not null default now(),
  primary key (projection, stream)
);

-- document is the payment as the API answers it; increments what it does not show (pending increments), else null.
create table payments (
  id               uuid not null,
  merchant_id      text not null,
  status           text not null,
  method           text not null,
  gateway          text not null,
  customer_id      text,
  currency         text not null,
  amount           bigint not null,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  revision         integer not null,
  log              smallint not null,
  sequence         bigint not null,
  unresolved_since timestamptz,
  expires_at       timestamptz,
  document         text not null,
  increments       text,
  primary key (id, created_at)
) partition by range (created_at);

create index on payments (merchant_id, status, created_at desc);
create index on payments (gateway, created_at desc);
create index on payments (customer_id, created_at desc) where customer_id is not null;
create index on payments (merchant_id, gateway, status, created_at);
create index on payments (merchant_id, created_at desc);
create index on payments (created_at desc);
create index on payments (unresolved_since) where unresolved_since is not null;
create index on payments (expires_at) where expires_at is not null;

create table payouts (
  id          uuid primary key,
  merchant_id text not null,
  status      text not null,
  currency    text not null,
  amount      bigint not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  revision    integer not null,
  log         smallint not null,
  sequence    bigint not null,
  document    text not null
);
create index on payouts (merchant_id, status, created_at desc);
create index on payouts (merchant_id, created_at desc);

-- Payouts that wait for a step which Daybook itself takes: after a reservation, and after a failure or return.
create table open_payouts (
  payout_id   uuid primary key,
  merchant_id text not null,
  since       timestamptz not null
);

-- The journal: a row for each event that moves money, which is always in one merchant's books and one currency. kind is
-- the event's type. Its lines stand in the arrays, amounts debit positive. to_settle tells that a settlement has to
-- cover it: it moves merchantPending in the posted layer and is no settlement itself.
create table journal (
  log            smallint not null,
  sequence       bigint not null,
  event_id       uuid not null,
  kind           text not null,
  transaction_id text not null,
  merchant_id    text not null,
  currency       text not null,
  recorded_at    timestamptz not null,
  to_settle      boolean not null,
  accounts       text[] not null,
  layers         text[] not null,
  amounts        bigint[] not null,
  primary key (recorded_at, sequence, log)
) partition by range (recorded_at);

create index on journal (merchant_id, recorded_at, sequence);
create index on journal (merchant_id, sequence) where to_settle;

-- The journal's lines, numbered from 0 in each event.
create view postings as
  select
    log, sequence, (line.n - 1)::smallint as n, event_id, kind, transaction_id, line.account, merchant_id, currency,
    line.layer, line.amount, recorded_at, to_settle
  from journal
  cross join lateral unnest(accounts, layers, amounts) with ordinality as line (account, layer, amount, n);

create table account_balances (
  merchant_id text not null,
  account     text not null,
  currency    text not null,
  layer       text not null,
  debit       bigint not null,
  credit      bigint not null,
  primary key (merchant_id, account, currency, layer)
);

create table settlements (
  id          uuid primary key,
  merchant_id text not null,
  currency    text not null,
  gross       bigint not null,
  refunds     bigint not null,
  disputes    bigint not null,
  fees        bigint not null,
  net         bigint not null,
  payments    integer not null,
  from_position text not null,
  to_position   text not null,
  created_at  timestamptz not null,
  log         smallint not null,
  sequence    bigint not null
);
create index on settlements (merchant_id, created_at desc);

create table merchant_daily_totals (
  merchant_id       text not null,
  day               date not null,
  currency          text not null,
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
  primary key (merchant_id, day, currency)
);
