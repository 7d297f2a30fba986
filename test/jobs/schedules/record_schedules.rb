# Records what fugit makes of schedules: ruby record_schedules.rb < texts > schedules_of_fugit.json
# A line of the input is a schedule; those that fugit doesn't read as a cron line are recorded as null.
require "fugit"
require "json"

ENV["TZ"] = "UTC"
from = EtOrbi::EoTime.new(Time.utc(2026, 1, 15, 12, 0, 0), "UTC")
schedules = $stdin.each_line(chomp: true).to_h do |text|
  cron = begin
    Fugit.parse(text, multi: :fail)
  rescue ArgumentError
    nil
  end
  times = begin
    (1..3).reduce([from]) { |found, _| found + [cron.next_time(found.last)] }.drop(1) if cron.is_a?(Fugit::Cron)
  rescue ZeroDivisionError, RuntimeError
    nil
  end
  [text, times&.map { |time| Time.at(time.to_f).utc.strftime("%Y-%m-%dT%H:%M:%SZ") }]
end
puts "{"
puts "\"fugit\": #{JSON.generate(Fugit::VERSION)},"
puts "\"after\": \"2026-01-15T12:00:00Z\","
puts "\"schedules\": {", schedules.map { |text, times| "#{JSON.generate(text)}: #{JSON.generate(times)}" }.join(",\n"), "}"
puts "}"
