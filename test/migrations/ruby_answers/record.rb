# What Ruby and Active Support answer to the expressions of a file: ruby record.rb answers.json
require "active_support/all"; require "json"
Time.zone = "UTC"
def canon(v)
  case v
  when Symbol then v.to_s
  when Float then v.nan? ? "NaN" : v.infinite? ? "Infinity" : (v == v.to_i && v.abs < 1e15 ? v.to_i : v)
  when Hash then ["hash", v.map { |k, x| [k.to_s, canon(x)] }]
  when Array then v.map { |x| canon(x) }
  when Range then ["range", canon(v.begin), canon(v.end), v.exclude_end?]
  when Date, Time then v.iso8601
  when Enumerator, Enumerator::Lazy then canon(v.to_a)
  when ActiveSupport::Duration then v.to_i
  when nil, true, false, Integer, String then v
  when Rational then v.to_f
  else "?#{v.class}"
  end
end
out = JSON.parse(File.read(ARGV[0])).map { |pair| pair["ruby"] }.map { |e| { ruby: e, answer: (begin; canon(eval(e)); rescue Exception => x; "!#{x.class}: #{x.message[0, 60]}"; end) } }
File.write(ARGV[0], "[\n#{out.map { |pair| JSON.generate(pair) }.join(",\n")}\n]\n")
