-- One postback for each click ID of the lines BENCH_FIRST (from 0) and BENCH_COUNT of the file BENCH_IDS, never twice.
dofile(os.getenv("BENCH_SCRIPTS") .. "/report.lua")

local kLine = 27 -- 26 characters and the line end
local before = "GET " .. os.getenv("BENCH_POSTBACK") .. "&click_id="
local after
local ids
local position = 1
exhausted = 0

function init(_)
  after = " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port .. "\r\nUser-Agent: bench\r\n\r\n"
  local share = math.floor(tonumber(os.getenv("BENCH_COUNT")) / tonumber(os.getenv("BENCH_THREADS")))
  local file = assert(io.open(os.getenv("BENCH_IDS"), "rb"))
  file:seek("set", (tonumber(os.getenv("BENCH_FIRST")) + thread_index * share) * kLine)
  ids = file:read(share * kLine) or ""
  file:close()
end

function request()
  local id = string.sub(ids, position, position + kLine - 2)
  if id == "" then
    exhausted = 1
    return "GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n"
  end
  position = position + kLine
  return before .. id .. "&txid=" .. string.sub(id, 14) .. after
end
