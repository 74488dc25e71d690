-- What calls of a space have cost, by minute, hour and day. A row of a minute is also counted in its hour and its day.
CREATE TABLE usage (
    space_id     INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    -- Seconds.
    step         INTEGER NOT NULL CHECK (step IN (60, 3600, 86400)),
    -- Seconds since the Unix epoch at which the step begins.
    at           INTEGER NOT NULL,
    requests     INTEGER NOT NULL,
    errors       INTEGER NOT NULL,
    -- Times, as `Histogram::to_bytes` writes them.
    latency      BLOB NOT NULL,
    instantiate  BLOB NOT NULL,
    -- The most of one instance.
    memory_bytes INTEGER NOT NULL,
    PRIMARY KEY (space_id, step, at)
) STRICT, WITHOUT ROWID;

-- Sweeping goes by age; what is trending is read of the last days alone, without the rows themselves.
CREATE INDEX usage_by_age ON usage (step, at, requests);
