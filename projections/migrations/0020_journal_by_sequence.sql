-- Runs once in each shard's schema (search_path is set by the runner).

-- Entries are added about in the order of their log, so that a few bytes for each hundred pages find those of a stretch of
-- it: what is compared with the log is asked for by sequence.
create index on journal using brin (log, sequence) with (pages_per_range = 32, autosummarize = on);
