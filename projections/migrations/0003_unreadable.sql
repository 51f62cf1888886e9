-- Runs once in each shard's schema (search_path is set by the runner).

-- Whether a stream was parked because its event could not be read, which a newer program may be able to; where in the stream
-- that event is (null for what was parked before this was kept); and whose stream it is (null also where nobody can tell).
alter table parked_streams
  add column unreadable  boolean not null default false,
  add column revision    integer,
  add column merchant_id text;
