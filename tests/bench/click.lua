-- The same click again and again: fixed headers and parameters, formatted once by wrk; CLOSE=1 for a connection each.
dofile(os.getenv("BENCH_SCRIPTS") .. "/report.lua")

wrk.path = os.getenv("BENCH_CLICK")
wrk.headers["User-Agent"] = os.getenv("BENCH_USER_AGENT")
wrk.headers["Referer"] = os.getenv("BENCH_REFERER")
if os.getenv("BENCH_CLOSE") then wrk.headers["Connection"] = "close" end
