# Records what Rails answers to test/conduit/scenario.yml. Run where Rails 7.2, sqlite3, bcrypt and jwt are installed:
#   ruby test/goldens/record/conduit.rb guides/conduit/rails test/conduit/scenario.yml > test/goldens/conduit/answers.json
ENV["RAILS_ENV"] = "production"
ENV["SECRET_KEY_BASE"] = "0" * 64
ENV["DATABASE_URL"] = "sqlite3:/tmp/conduit-record.sqlite3"
require "rails"
require "active_record/railtie"
require "action_controller/railtie"
require "action_cable/engine"
require "active_job/railtie"
require "rack/mock"
require "yaml"
require "json"
require "jwt"
require "bcrypt"

source, scenario = ARGV.map { File.expand_path(_1) }

class ConduitApplication < Rails::Application
  config.load_defaults 7.2
  config.root = ARGV[0]
  config.api_only = true
  config.eager_load = true
  config.consider_all_requests_local = false
  config.hosts.clear
  config.logger = Logger.new($stderr)
  config.log_level = ENV.fetch("LOG_LEVEL", "unknown").to_sym
  config.active_job.queue_adapter = :inline
  config.action_cable.cable = { "adapter" => "async" }
  config.secret_key_base = ENV["SECRET_KEY_BASE"]
end

File.delete("/tmp/conduit-record.sqlite3") if File.exist?("/tmp/conduit-record.sqlite3")
Dir.chdir(source)
Rails.application.initialize!
ActiveRecord::Schema.verbose = false
load File.join(source, "db/schema.rb")

# What YAML shall not spell out.
saved = { "long" => "long" * 1000, "deep" => "[a]" * 150, "deepjson" => %([) * 150 + "]" * 150 }
fill = ->(value) do
  case value
  when String then value.gsub(/\{(\w+)\}/) { saved.fetch($1).to_s }
  when Hash then value.transform_values(&fill)
  when Array then value.map(&fill)
  else value
  end
end
watched = %w[allow cache-control etag location referrer-policy vary www-authenticate x-content-type-options x-frame-options
  x-permitted-cross-domain-policies x-request-id x-xss-protection]
# Headers beside the content type, as far as an application or its clients may build on them.
headers_of = ->(headers) do
  headers.slice(*watched).to_h do |name, value|
    [ name, name == "etag" ? value.sub(/"\h{32}"/, '"<hex>"') : name == "x-request-id" ? value.sub(/\A\h{8}-\h{4}-\h{4}-\h{4}-\h{12}\z/, "<uuid>") : value ]
  end
end
# What differs from run to run is replaced by a word, here and in the test that compares.
mask = ->(value, key = nil) do
  case value
  when Hash then value.to_h { |k, v| [ k, mask.(v, k) ] }
  when Array then value.map { mask.(_1) }
  when String
    if key == "token" then "<token>"
    elsif value.match?(/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/) then "<time>"
    elsif key == "slug" then value.sub(/-\h{6}\z/, "-<hex>")
    else value
    end
  else value
  end
end

answers = YAML.load_file(scenario).map do |step|
  method = %w[get post put patch delete head options propfind brew].find { step.key?(_1) }
  env = { method: method.upcase }
  if step["json"]
    env[:input] = JSON.generate(fill.(step["json"]))
    env["CONTENT_TYPE"] = "application/json"
  elsif step["form"]
    env[:input] = step["form"]
    env["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
  elsif step["raw"]
    env[:input] = fill.(step["raw"])
  elsif step["base64"]
    env[:input] = step["base64"].unpack1("m")
  end
  env["HTTP_AUTHORIZATION"] = "Token #{fill.(step["token"])}" if step["token"]
  (step["headers"] || {}).each { |name, value| env[name == "Content-Type" ? "CONTENT_TYPE" : "HTTP_#{name.upcase.tr("-", "_")}"] = fill.(value) }
  env = Rack::MockRequest.env_for("/", env)
  env["REQUEST_URI"] = fill.(step[method])
  env["PATH_INFO"], env["QUERY_STRING"] = env["REQUEST_URI"].split("?", 2).then { |path, query| [ path, query.to_s ] } # as a server splits it, also where it is no valid URI
  response = Rack::MockResponse.new(*Rails.application.call(env))
  text = response.body.dup.force_encoding("UTF-8")
  json = JSON.parse(text) rescue nil
  warn "#{step["name"]}: #{response.status} #{text}" if step["save"] && response.status >= 400
  (step["save"] || {}).each { |name, path| saved[name] = path.start_with?(":") ? response.headers[path[1..]] : json.dig(*path.split(".")) }
  { name: step["name"], status: response.status, content_type: response.headers["content-type"], headers: headers_of.(response.headers), body: json ? mask.(json) : text,
    escaped: text.match?(/\\u00(3c|3e|26)/) }
end
puts JSON.pretty_generate(answers)
