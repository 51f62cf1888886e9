-- Runs once in each shard's schema (search_path is set by the runner).

-- A log's streams may be dealt out to several parts, each with a cursor of its own; feed_offset is the feed's hint where it goes on.
alter table cursors add column part smallint not null default 0, add column feed_offset bigint;
alter table cursors drop constraint cursors_pkey, add primary key (projection, log, part);

-- Up to where all parts of a log have been seen.
create view reached as
  select projection, log, min(sequence) as sequence from cursors group by projection, log;

-- A payout's own events and those of its merchant may come in any order: openings less closings; it waits while that is above 0.
alter table open_payouts add column waiting smallint not null default 1;
