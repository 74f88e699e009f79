-- One use of a quota, decided as governor decides it (generic cell rate algorithm).
-- KEYS[1]: the cell, which holds the theoretical arrival time in microseconds since 1970.
-- ARGV: interval and tolerance in microseconds; the time in microseconds, or nothing for Redis' own.
-- Answers 0 when allowed and counted, else the microseconds to wait.
local interval = tonumber(ARGV[1])
local tolerance = tonumber(ARGV[2])
local now = tonumber(ARGV[3])
-- A given time does not pass with Redis' own, by which keys expire: keep those an hour longer.
local keep_ms = 3600000
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
    keep_ms = 1
end
local arrival = tonumber(redis.call('GET', KEYS[1]) or now)
local earliest = arrival - tolerance
if now < earliest then
    return earliest - now
end
arrival = math.max(arrival, now) + interval
local ttl_ms = math.ceil((arrival - now) / 1000) + keep_ms
redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', string.format('%.0f', ttl_ms))
return 0
