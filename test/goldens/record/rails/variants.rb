# frozen_string_literal: true
# Which block respond_to chooses for the variants of a request: RAILS_SRC=rails81 ruby test/goldens/record/rails/variants.rb > test/controller/variants_of_rails.json
require_relative "boot"
require "action_controller/railtie"
require "rack/mock"
require "json"

class Variants < ActionController::API
  include ActionController::MimeResponds
  before_action { request.variant = params[:v].split(",").map(&:to_sym) if params[:v].present? }

  def block = respond_to { |f| f.json { |v| v.phone { say "phone" }; v.tablet { say "tablet" }; v.none { say "none" } }; f.any { say "another format" } }
  def any = respond_to { |f| f.json { |v| v.any(:tablet, :phablet) { say "tablet or phablet" }; v.phone { say "phone" }; v.any { say "any" } } }
  def any_first = respond_to { |f| f.json { |v| v.any { say "any" }; v.phone { say "phone" } } }
  def none_only = respond_to { |f| f.json { |v| v.none { say "none" } } }
  def phone_only = respond_to { |f| f.json { |v| v.phone { say "phone" } } }
  def inline = respond_to { |f| f.json.phone { say "phone" }; f.json.none { say "none" } }
  def inline_formats = respond_to { |f| f.json.phone { say "phone" }; f.json.tablet { say "tablet" }; f.xml { say "xml" } }
  def inline_any = respond_to { |f| f.json.any(:tablet, :phone) { say "tablet or phone" }; f.json.any { say "any" } }
  def plain = respond_to { |f| f.json { say "block" } }
  def any_format = respond_to { |f| f.any { |v| v.phone { say "phone" }; v.none { say "none" } } }
  def any_format_inline = respond_to { |f| f.any.phone { say "phone" } }
  def listed = respond_to { |f| f.any(:csv, :json) { |v| v.phone { say "phone" }; v.none { say "none" } } }
  def without_blocks = respond_to { |f| f.json.phone; f.json.none }
  def empty = respond_to { |f| f.json { |v| } }
  def twice = respond_to { |f| f.json { |v| v.phone { say "first" }; v.phone { say "second" } } }
  def block_then_inline = respond_to { |f| f.json { say "block" }; f.xml.phone { say "xml phone" } }

  private
    def say(what) = render(plain: "#{what}|#{request.variant.join(",")}".to_json)
end

Class.new(Rails::Application) do
  config.secret_key_base = "a" * 64
  config.logger = Logger.new(nil)
  config.eager_load = false
end.initialize!

asked = ["", "phone", "tablet", "other", "other,phone", "tablet,phone", "phone,tablet"]
cases = (Variants.action_methods - ["respond_to"]).sort.flat_map do |action|
  asked.map do |variants|
    status, headers, body = Variants.action(action).call(Rack::MockRequest.env_for("/answer?v=#{variants}", "HTTP_ACCEPT" => "application/json"))
    { action:, variants:, status:, type: headers["content-type"], body: body.each.to_a.join, vary: headers["vary"] }
  end
end
puts "{\n  \"rails\": #{Rails.version.to_json},\n  \"cases\": [\n    #{cases.map(&:to_json).join(",\n    ")}\n  ]\n}"
