-- Clicks and appends the 26 characters of each click ID, a line each, to the file BENCH_IDS.<thread>.
dofile(os.getenv("BENCH_SCRIPTS") .. "/click.lua")

local ids

function init(_)
  ids = assert(io.open(os.getenv("BENCH_IDS") .. "." .. thread_index, "a"))
end

function response(status, headers, _)
  local id = status == 302 and string.match(headers["Location"] or "", "[?&]sub1=(%w+)")
  if id and #id == 26 then ids:write(id, "\n") end
end
