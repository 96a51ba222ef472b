-- Prints what a wrk run measured as one line that scripts/bench reads; included by every script beside it.
-- RESULT requests seconds refused socket-errors p50-ms p99-ms exhausted max-ms

local threads = {}

function setup(thread)
  thread:set("thread_index", #threads)
  table.insert(threads, thread)
end

function done(summary, latency, _)
  local errors = summary.errors
  local exhausted = 0
  for _, thread in ipairs(threads) do exhausted = exhausted + (thread:get("exhausted") or 0) end
  io.write(string.format("RESULT %d %.6f %d %d %.3f %.3f %d %.3f\n", summary.requests, summary.duration / 1e6,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, exhausted, latency.max / 1000))
end
