-- Clicks on 10,000 campaigns in turn, in an order that no cache foresees; BENCH_PREFIX is how their IDs begin.
dofile(os.getenv("BENCH_SCRIPTS") .. "/report.lua")

local campaigns = 10000
local prefix = "GET /c/" .. os.getenv("BENCH_PREFIX")
local rest = "?cid=EXT-0123456789abcdef&zone=z9&creative=c4 HTTP/1.1\r\nHost: bench\r\nUser-Agent: " ..
  os.getenv("BENCH_USER_AGENT") .. "\r\nReferer: " .. os.getenv("BENCH_REFERER") ..
  "\r\nAccept-Language: cs-CZ,cs;q=0.9\r\n\r\n"

function init()
  math.randomseed(1 + thread_index)  -- threads of their own: one must not warm the caches for the other
end

function request()
  return prefix .. math.random(campaigns) - 1 .. rest
end
