-- Runs once in each shard's schema (search_path is set by the runner).

-- What is compared with the log is asked for by where it is in the log: settlements by their event, sums by their period.
create index on settlements (log, sequence);
create index on period_totals (log, first, size);
create index on period_daily_totals (log, first, size);

-- Whether a payout waits is told by what reserved and released it. There are few of these among all entries.
create index on journal (transaction_id) where kind in ('PayoutReserved', 'PayoutReleased');
