-- Clicks of many different visitors: every external ID its own, 5,000 user agents, 1,000 zones.
dofile(os.getenv("BENCH_SCRIPTS") .. "/report.lua")

local count = 0
local run = os.getenv("BENCH_RUN")

function request()
  count = count + 1
  return "GET /c/bench?cid=" .. run .. "-" .. thread_index .. "-" .. count .. "&zone=z" .. count % 1000 ..
    "&creative=c4 HTTP/1.1\r\nHost: bench\r\nReferer: https://ads.example/p/" .. count % 700 ..
    "\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Browser/" .. count % 5000 .. ".0\r\n\r\n"
end
