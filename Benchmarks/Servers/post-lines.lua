-- Posts the lines of a file one by one: wrk ... -s post-lines.lua URL -- FILE
local lines, head

function init(arguments)
  lines = assert(io.open(arguments[1]))
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
  local body = lines:read("*l")
  if not body then
    -- Answered with a refusal, which ends the measurement.
    return "BREW / HTTP/1.1\r\nHost: there-were-too-few-lines\r\nContent-Length: 0\r\n\r\n"
  end
  return head .. #body .. "\r\n\r\n" .. body
end
