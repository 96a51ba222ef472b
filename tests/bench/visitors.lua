-- Clicks of many different visitors: every external ID its own, 10,000 user agents such as browsers send, 1,000 zones.
dofile(os.getenv("BENCH_SCRIPTS") .. "/report.lua")

local count = 0
local run = os.getenv("BENCH_RUN")

local models = {
  "SM-G991B", "Pixel 7", "K", "SM-A536E", "Redmi Note 9 Pro", "M2007J20CG", "CPH2239", "moto g(30)", "SM-T510"}
local kinds = {
  function(n) return "(Linux; Android " .. 9 + n % 7 .. "; " .. models[n % #models + 1] ..
    ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" .. 90 + n % 42 .. ".0." .. n .. ".60 Mobile Safari/537.36" end,
  function(n) return "(iPhone; CPU iPhone OS " .. 13 + n % 6 .. "_" .. n % 7 ..
    " like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E" .. n .. " Safari/604.1" end,
  function(n) return "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" .. 90 + n % 42 ..
    ".0." .. n .. ".60 Safari/537.36" end,
  function(n) return "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/" ..
    13 + n % 6 .. "." .. n % 7 .. " Safari/605.1." .. n end,
}
local agents = {}
for n = 0, 9999 do agents[n] = "Mozilla/5.0 " .. kinds[n % #kinds + 1](n) end

function request()
  count = count + 1
  return "GET /c/bench?cid=" .. run .. "-" .. thread_index .. "-" .. count .. "&zone=z" .. count % 1000 ..
    "&creative=c4 HTTP/1.1\r\nHost: bench\r\nReferer: https://ads.example/p/" .. count % 700 ..
    "\r\nUser-Agent: " .. agents[count % 10000] .. "\r\n\r\n"
end
