# frozen_string_literal: true
# Answers beyond those of rendering.json.gz, from Rails 8.1: RAILS_SRC=rails81 GOLDEN_OUT=. ruby test/goldens/record/rails/rendering_more.rb
ENV["RAILS_ENV"] = "production"
require_relative "app"
require "action_controller/metal/rate_limiting"
Golden.app { config.filter_parameters += [:password]; config.cache_store = :memory_store; config.action_dispatch.cookies_same_site_protection = :lax }.initialize!
require "ostruct"
Golden.freeze_time!

ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:users) { |t| t.string :name; t.string :email; t.boolean :admin, default: false; t.integer :role, default: 0; t.decimal :balance, precision: 12, scale: 2; t.float :score; t.date :born_on; t.time :wakes_at; t.json :prefs; t.bigint :big; t.binary :blob; t.datetime :created_at, precision: 6; t.datetime :updated_at, precision: 6 }
  create_table(:posts) { |t| t.references :user; t.string :title; t.text :body; t.integer :comments_count, default: 0; t.datetime :published_at, precision: 6; t.string :type; t.timestamps }
  create_table(:comments) { |t| t.references :post; t.references :user; t.string :text; t.timestamps }
end
class User < ActiveRecord::Base
  has_many :posts, -> { order(:id) }
  has_many :comments
  enum :role, { member: 0, editor: 1, owner: 2 }
  validates :name, presence: true
  validates :email, format: { with: /@/ }
  def initials = name.to_s.split.map { |x| x[0] }.join
  def as_if = { x: 1 }
end
class Post < ActiveRecord::Base
  belongs_to :user, optional: true
  has_many :comments, -> { order(:id) }
  validates :title, presence: true, length: { maximum: 20 }
  self.inheritance_column = nil
  def excerpt = body.to_s[0, 5]
end
class Comment < ActiveRecord::Base; belongs_to :post; belongs_to :user, optional: true; end
T0 = Time.utc(2026, 1, 2, 3, 4, 5.678901r)
FIX = {
  users: [
    { id: 1, name: "Ann Bee", email: "ann@example.com", admin: true, role: 2, balance: "1234.50", score: 1.5, born_on: "1990-02-03", wakes_at: "06:30:00", prefs: { "theme" => "dark", "n" => [1, nil] }, big: 9007199254740993, blob: nil, created_at: T0, updated_at: T0 + 60 },
    { id: 2, name: "Bob", email: "bob@example.com", admin: false, role: 0, balance: nil, score: nil, born_on: nil, wakes_at: nil, prefs: nil, big: nil, blob: nil, created_at: T0, updated_at: T0 },
  ],
  posts: [
    { id: 1, user_id: 1, title: "Hello <b>&", body: "Body one", comments_count: 2, published_at: T0, type: nil, created_at: T0, updated_at: T0 + 3600 },
    { id: 2, user_id: 1, title: "Second", body: nil, comments_count: 0, published_at: nil, type: nil, created_at: T0, updated_at: T0 + 7200 },
    { id: 3, user_id: nil, title: "Orphan", body: "x", comments_count: 0, published_at: nil, type: nil, created_at: T0, updated_at: T0 },
  ],
  comments: [
    { id: 1, post_id: 1, user_id: 2, text: "Nice", created_at: T0, updated_at: T0 },
    { id: 2, post_id: 1, user_id: 1, text: "Thanks", created_at: T0, updated_at: T0 },
  ],
}
FIX.each { |t, rows| k = t.to_s.classify.constantize; rows.each { |r| k.new(r).tap { |x| x.id = r[:id] }.save!(validate: false, touch: false) } }
Post.find(1).update_columns(comments_count: 2)

class Plain; def initialize; @a = 1; @b = "x"; end; end
class WithAsJson; def as_json(opts = nil) = { "custom" => true, "opts" => (opts || {}).except("escape", :escape, :prefixes, :template, :status).transform_keys(&:to_s).keys.sort }; end
class WithToH; def to_h = { "via_to_h" => 1 }; end
class WithToHash; def to_hash = { "via_to_hash" => 1 }; end
class AMPlain; include ActiveModel::Model; attr_accessor :name, :age; validates :name, presence: true; end
class AMSer; include ActiveModel::Model; include ActiveModel::Attributes; include ActiveModel::Serializers::JSON; attribute :name, :string; attribute :age, :integer; end
class AMRoot < AMSer; self.include_root_in_json = true; end
St = Struct.new(:a, :b)
Da = Data.define(:x, :y)
class Enum1; include Enumerable; def each; yield 1; yield 2; end; end

class ApplicationController < ActionController::API
  def run = exec(Thread.current[:calls])
  def other = head(:ok)
  def exec(calls)
    calls.each do |m, *args|
      nested = args.last.is_a?(Hash) && args.last.key?(:__then) ? args.pop[:__then] : nil
      args = args.map { |a| rb(a) }
      if m == :raise then raise(*args)
      elsif m == :header then response.headers[args[0]] = args[1]
      elsif m == :set_status then self.status = args[0]
      elsif m == :set_content_type then self.content_type = args[0]
      elsif m == :set_response_body then self.response_body = args[0]
      elsif m == :cookie then response.set_cookie(args[0], args[1])
      elsif m == :instance_eval then instance_eval(args[0])
      elsif m == :http_cache_forever then http_cache_forever(**(args[0] || {})) { exec(nested) }
      else
        kw = args.last.is_a?(Hash) && args.last.keys.all?(Symbol) ? args.pop : nil
        r = kw ? send(m, *args, **kw) : send(m, *args)
        exec(nested) if nested && r
      end
    end
  end
  def rb(v)
    case v
    when RB then eval(v.src)
    when Array then v.map { |x| rb(x) }
    when Hash then v.transform_values { |x| rb(x) }
    else v
    end
  end
end
class MainController < ApplicationController
  include ActionController::HttpAuthentication::Basic::ControllerMethods
  include ActionController::HttpAuthentication::Token::ControllerMethods
  include ActionController::HttpAuthentication::Digest::ControllerMethods
end
class MimeController < ApplicationController; include ActionController::MimeResponds; end
class EscController < ApplicationController; end
class EtagController < ApplicationController; etag { "v2" }; etag { params[:tenant] }; end
class ImplicitController < ApplicationController; def empty; end; def nilly; nil; end; end
class LimitedController < ApplicationController
  rate_limit to: 2, within: 1.minute, only: :run
  rate_limit to: 1, within: 1.hour, by: -> { params[:k] }, with: -> { render json: { error: "slow" }, status: :too_many_requests }, name: "long", only: :two, scope: "s"
  def two = head(:ok)
end
class AllowedController < ApplicationController; self.allowed_redirect_hosts = ["ok.example.org", ".sub.example.org"]; end
Rails.application.routes.draw do
  %w[main mime esc etag limited allowed].each { |c| match "/#{c}", to: "#{c}#run", via: :all; match "/#{c}/other", to: "#{c}#other", via: :all }
  get "/limited/two", to: "limited#two"
  get "/implicit/empty", to: "implicit#empty"
  get "/implicit/nilly", to: "implicit#nilly"
  get "/users/:id", to: "main#other", as: :user
  get "/posts/:id", to: "main#other", as: :post
  get "/posts", to: "main#other", as: :posts
  get "/missing_action", to: "main#nope_action"
  get "/missing_controller", to: "nowhere#index"
  get "/redir", to: redirect("/posts")
  get "/redir302", to: redirect("/posts", status: 302)
  get "/redir/:id", to: redirect("/posts/%{id}")
  get "/redir_path", to: redirect(path: "/p", subdomain: "api")
  get "/rack", to: ->(env) { [200, { "content-type" => "text/plain" }, ["rack"]] }
  get "/up", to: "rails/health#show"
  root to: "main#other"
end
Rails.application.routes.default_url_options = {}

S = Golden::Set.new("rendering_more.json", about: {
  "shape" => "kind says which group. kind=request: calls = what the action runs [[method, *args, kwargs?]...] ({\"$ruby\":src} is evaluated; then: calls run when the call returned truthy); request {method,path,headers}; response {status, headers, body}. Rails 8.1.3.1 api_only app, load_defaults 8.1, production, host www.example.com, time frozen at 2026-01-15T12:00:00Z. x-request-id and x-runtime are dropped unless the case is about them. kind=to_json: value (tagged), options -> render_json (what render json: gives with 8.1 defaults, no HTML escaping), to_json (value.to_json, HTML-escaped), as_json.",
  "defaults" => { "escape_json_responses" => ActionController::Base.escape_json_responses, "escape_html_entities_in_json" => ActiveSupport.escape_html_entities_in_json, "escape_js_separators_in_json" => ActiveSupport.escape_js_separators_in_json, "time_precision" => ActiveSupport.time_precision, "json_gem" => JSON::VERSION, "default_headers" => ActionDispatch::Response.default_headers.to_h, "raise_on_open_redirects" => ActionController::Base.action_on_open_redirect, "action_on_path_relative_redirect" => ActionController::Base.action_on_path_relative_redirect, "hash_digest_class" => ActiveSupport::Digest.hash_digest_class.to_s, "strict_freshness" => ActionDispatch::Http::Cache::Request.strict_freshness, "include_root_in_json" => ActiveRecord::Base.include_root_in_json },
  "fixtures" => Tags.loose(FIX), "middleware" => Rails.application.middleware.map { |m| m.klass.to_s.sub(/\A#<(.*?):0x\h+>\z/, "\\1") },
  "status_symbols" => Rack::Utils::SYMBOL_TO_STATUS_CODE, "status_names" => Rack::Utils::HTTP_STATUS_CODES.transform_keys(&:to_s), "statuses_without_body" => Rack::Utils::STATUS_WITH_NO_ENTITY_BODY.keys,
  "rescue_responses" => ActionDispatch::ExceptionWrapper.rescue_responses.transform_values(&:to_s) })

def c(id, calls, method: "GET", path: "/main", headers: {}, keep: [], body: nil)
  Thread.current[:calls] = calls
  rcalls = calls.map { |cc| cc.map { |x| x.is_a?(Hash) && x.key?(:__then) ? { "then" => x[:__then].map { |y| [y[0].to_s] + y[1..].map { |z| Tags.loose(z) } } } : Tags.loose(x) } }
  status, hs, out, env = Golden.request(Rails.application, method, path, headers: headers, body: body)
  hs = hs.reject { |k, _| %w[x-request-id x-runtime].include?(k) && !keep.include?(k) }.transform_keys(&:to_s)
  if hs["content-disposition"].nil? && out.encoding == Encoding::BINARY then out.force_encoding("UTF-8") end
  ex = env["action_dispatch.exception"]
  req = { method: method, path: path, headers: headers }
  req[:body] = body if body
  h = { kind: "request", calls: rcalls.map { |x| x.map { |y| y.is_a?(Symbol) ? y.to_s : y.is_a?(Hash) && y.keys == ["$sym"] ? y : y } }.map { |x| [x[0].is_a?(Hash) ? x[0]["$sym"] : x[0]] + x[1..] }, request: req, response: { status: status, headers: hs, body: out } }
  h[:exception] = { class: ex.class.name, message: ex.message.lines.first.to_s.chomp } if ex
  S.add(id, **h)
end

def j(id, value, options = {}, ruby: nil)
  v = value
  render = begin
    o = options.dup
    o[:escape] = false
    v.is_a?(String) ? v : v.to_json(o)
  rescue => e then { "$error" => { "class" => e.class.name, "message" => e.message.lines.first.chomp } }
  end
  tj = begin; v.to_json(options.dup); rescue => e then { "$error" => { "class" => e.class.name, "message" => e.message.lines.first.chomp } } end
  aj = begin; Tags.loose(v.as_json(options.dup)); rescue => e then { "$error" => { "class" => e.class.name, "message" => e.message.lines.first.chomp } } end
  h = { kind: "to_json", value: ruby ? { "$ruby" => ruby } : Tags.loose(v), options: Tags.loose(options), render_json: render, to_json: tj, as_json: aj }
  S.add(id, **h)
end

R1 = [:render, { json: { a: 1 } }]
ANY = "respond_to { |f| f.json { render json: {} }; f.any(:csv, :text) { render plain: 'x' } }"
SYMS = "respond_to :json, :xml"
ONLY_ANY = "respond_to { |f| f.any { render plain: 'any' } }"
HEADS = "respond_to { |f| f.xml { head :created }; f.json { head :no_content }; f.html { redirect_to '/posts' } }"
DATA = "respond_to { |f| f.csv { send_data 'a', filename: 'x.csv' }; f.pdf { send_data 'b', type: :pdf } }"
{ "any" => ANY, "syms" => SYMS, "only_any" => ONLY_ANY, "heads" => HEADS, "data" => DATA }.each do |k, src|
  [nil, "*/*", "text/csv", "text/plain", "application/json", "application/xml", "text/xml", "application/pdf", "image/png", "application/*", "text/*", "text/html;level=1", "application/json;q=0.1, text/csv;q=0.9", "application/xhtml+xml", "text/csv, */*", "*/*;q=0.5, text/csv", "application/problem+json", "APPLICATION/JSON", "application/json;charset=utf-8", "text/html, application/json", ""].each_with_index do |accept, i|
    c "respond.#{k}.#{i}", [[:instance_eval, src]], path: "/mime", headers: accept ? { "Accept" => accept } : {}
  end
  c "respond.#{k}.xhr", [[:instance_eval, src]], path: "/mime", headers: { "X-Requested-With" => "XMLHttpRequest", "Accept" => "text/csv, */*" }
  c "respond.#{k}.xhr_none", [[:instance_eval, src]], path: "/mime", headers: { "X-Requested-With" => "XMLHttpRequest" }
  %w[json csv xml txt text jpg zzz].each { |f| c "respond.#{k}.format_#{f}", [[:instance_eval, src]], path: "/mime?format=#{f}"; c "respond.#{k}.ext_#{f}", [[:instance_eval, src]], path: "/mime.#{f}" }
end
["a b.txt", "ä/ö.txt", "a;b,c.csv", "日本.pdf", "\"q\".txt", "a%20b.txt", "a'b(c)*.txt", "x.JSON", "noext", ".hidden", "a.tar.gz", "ß.html", "naïve–dash.txt", "a\\b.txt", "e\u0301.txt", "", "ÆØÅ.md"].each_with_index { |f, i| c "data.name.#{i}", [[:send_data, "x", { filename: f }]] }
[{ type: "text/csv; charset=iso-8859-1" }, { type: "text/html" }, { type: :xml }, { type: :html, disposition: "inline" }, { disposition: "inline" }, { status: 404 }, { status: :created, type: "application/x-foo" }, { filename: "x.png", disposition: nil }, { filename: "x.png", type: "image/x-other" }].each_with_index { |o, i| c "data.options.#{i}", [[:send_data, "abc", o]] }
c "data.head", [[:send_data, "abc", { filename: "x.txt" }]], method: "HEAD"
c "data.after_render", [R1, [:send_data, "x"]]
c "data.fresh", [[:send_data, "abc", { filename: "x.txt" }]], headers: { "If-None-Match" => 'W/"%s"' % Digest::SHA256.hexdigest("abc")[0, 32] }
[["a", ["b", nil, [1, true]]], { a: { b: [1, 2] }, c: nil }, [], {}, "", false, ["a/b", "c"], [nil], "é", 10**20].each_with_index { |e, i| c "etag.value.#{i}", [[:fresh_when, { etag: e }]]; c "etag.strong.#{i}", [[:fresh_when, { strong_etag: e }]] }
c "etag.both", [[:fresh_when, { weak_etag: "a", strong_etag: "b" }]]
c "etag.with_weak", [[:fresh_when, { etag: "a", weak_etag: "b" }]]
c "fresh.none", [[:fresh_when, {}], R1]
c "fresh.public_false", [[:fresh_when, { etag: "a", public: false }]]
c "fresh.then_render", [[:fresh_when, { etag: "a" }], R1]
c "fresh.then_render_404", [[:fresh_when, { etag: "a" }], [:render, { json: 1, status: 404 }]]
c "fresh.after_no_store", [[:no_store], [:fresh_when, { etag: "a" }], R1]
c "fresh.after_expires_now", [[:expires_now], [:fresh_when, { etag: "a", public: true }], R1]
c "fresh.then_no_store", [[:fresh_when, { etag: "a" }], [:no_store], R1]
c "fresh.header_cache", [[:header, "Cache-Control", "private, max-age=9"], [:fresh_when, { etag: "a", public: true }], R1]
c "fresh.head_hit", [[:fresh_when, { etag: "a" }], R1], method: "HEAD"
c "fresh.star", [[:fresh_when, { etag: "a" }]], headers: { "If-None-Match" => "*" }
c "fresh.no_etag_star", [[:fresh_when, { last_modified: T0 }], R1], headers: { "If-None-Match" => "*" }
c "fresh.ims_rfc850", [[:fresh_when, { last_modified: T0 }]], headers: { "If-Modified-Since" => "Friday, 02-Jan-26 03:04:05 GMT" }
c "fresh.ims_iso", [[:fresh_when, { last_modified: T0 }]], headers: { "If-Modified-Since" => "2026-01-03" }
c "default.ims_iso", [[:header, "Last-Modified", T0.httpdate], R1], headers: { "If-Modified-Since" => "2026-01-03T00:00:00Z" }
c "default.ims_offset", [[:header, "Last-Modified", T0.httpdate], R1], headers: { "If-Modified-Since" => "Fri, 02 Jan 2026 04:04:05 +0100" }
[[[:expires_in, 60], [:must_understand]], [[:must_understand], [:expires_in, 60]], [[:must_understand], [:no_store]], [[:expires_in, 60, { public: true }], [:fresh_when, { etag: "a" }]], [[:header, "Cache-Control", "no-store"], [:expires_in, 5]], [[:header, "Cache-Control", "no-cache, foo"], [:expires_now]], [[:header, "Cache-Control", "public"], [:expires_now]], [[:header, "Cache-Control", "private"], [:no_store]], [[:header, "Cache-Control", "max-age=10, must-revalidate"], [:expires_in, 60]], [[:header, "Cache-Control", "max-age=10, stale-if-error=5"]], [[:header, "Cache-Control", "PUBLIC, Max-Age=5"]], [[:header, "Cache-Control", ""]], [[:header, "Cache-Control", "must-understand, no-store"]], [[:expires_in, 60, { a: 1 }], [:expires_in, 30, { b: 2 }]], [[:header, "Cache-Control", "a=1"], [:expires_in, 30, { a: 1 }]], [[:expires_in, 60, { stale_while_revalidate: 1.5 }]]].each_with_index { |x, i| c "control.#{i}", [*x, R1] }
["text/html;charset=UTF-8", "TEXT/CSV", "text/csv ; charset=utf-8", "application/json;foo=bar", "text/plain; charset=utf-8; boundary=x", "foo"].each_with_index { |t, i| c "type.#{i}", [[:render, { json: {}, content_type: t }]]; c "type.set.#{i}", [[:set_content_type, t], [:render, { plain: "x" }]] }
[[{ a: 1 }, { b: nil }], { list: [1, "a", nil, true, 1.5] }, { "with space" => { x_y: "z" } }, { t: T0, d: Date.new(2026, 1, 2) }, [], {}, [1, 2], ["a"], { big: 2**70 }, { a: [[1], []] }, { text: "a\nb <&>\"'" }, { false: false, empty: "" }].each_with_index { |v, i| c "xml.#{i}", [[:render, { xml: v }]] }
[["/posts", { status: 404 }], [{ action: "other", anchor: "x" }], [{ action: "other", only_path: true }], [{ action: "other", protocol: "https" }], [{ controller: "/main", action: "other" }], [{ action: "other", a: [1, 2], b: { c: 3 } }], ["http://www.example.com"], ["/a#b?c"], ["?"], ["/%zz"], ["http://www.example.com:99999/"], ["ftp://www.example.com/x"], ["http://[::1]/"], ["http:///x"], ["http://www.example.com\\@evil.com"], ["/a%0d%0ab"], ["/" + "x" * 3000], ["//www.example.com/a"], ["http://www.example.com.evil.com/"], ["https://www.example.com."]].each_with_index { |a, i| c "to.#{i}", [[:redirect_to, *a]] }
["http://www.example.com/x?y#z", "/x", "//www.example.com/x", "garbage", "", "javascript:1", "http://www.example.com:8080/"].each_with_index { |r, i| c "back.#{i}", [[:redirect_back, { fallback_location: "/f" }]], headers: { "Referer" => r } }
["", " ", "//", "///x", "/\tx", "http:www.example.com", "HTTPS://www.example.com", "http://www.example.com/é", "?x", "#x", "http://user@www.example.com"].each_with_index { |u, i| c "from.#{i}", [[:render, { json: RB.new("url_from(#{u.inspect})") }]] }
[{ location: "/a b" }, { "X-A_b": 1 }, { x: nil }, { content_type: "text/csv" }, { x_y: true }, { "Content-Type": "text/csv; charset=utf-8" }].each_with_index { |h, i| c "heads.#{i}", [[:head, :ok, h]] }
%w[HEAD OPTIONS PATCH DELETE].each { |m| c "method.#{m}", [[:render, { plain: "x" }]], method: m, headers: { "Accept" => "text/plain" } }
S.write
