/** What a reconciler keeps, on the first server: how far it is, and what differs. */
export const bookkeeping = `
  create table if not exists daybook.reconciliation (
    name       text primary key,
    state      jsonb not null,
    updated_at timestamptz not null default now()
  );
  create table if not exists daybook.differences (
    id           text primary key,
    place        text not null,
    kind         text not null,
    record       text not null,
    part         text not null,
    stream       text not null,
    log          integer not null,
    sequence     bigint not null,
    revision     integer,
    since        timestamptz not null default now(),
    seen_round   integer not null,
    acknowledged boolean not null default false
  );
  alter table daybook.differences add column if not exists key text;`
