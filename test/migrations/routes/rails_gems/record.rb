# Draws a file of routes with the real gems and prints the table: name, verb, path, target and defaults, a row a line.
#
#   DATABASE_URL=sqlite3::memory: ruby record.rb devise.rb WARDEN RESPONDERS DEVISE DEVISE_INVITABLE DOORKEEPER DOORKEEPER_OPENID_CONNECT DEVISE_TOKEN_AUTH
#
# The folders are checkouts of the gems. OmniAuth and the adapter of the ORM are stand-ins: routes ask them for two settings only.
require "tmpdir"
require "fileutils"
file, *gems = ARGV
gems.each { |folder| $LOAD_PATH.unshift File.join(folder, "lib") }
stand_ins = Dir.mktmpdir
%w[orm_adapter omniauth omniauth/version].each do |name|
  FileUtils.mkdir_p File.dirname(File.join(stand_ins, name))
  File.write File.join(stand_ins, "#{name}.rb"), ""
end
$LOAD_PATH.unshift stand_ins
require "rails"
require "action_controller/railtie"
require "action_mailer/railtie"
require "active_record/railtie"

module OmniAuth
  def self.config = @config ||= Struct.new(:path_prefix, :allowed_request_methods).new(nil, [:post])
end

require "warden"
require "devise"
require "devise_invitable/routes"
Devise.add_module :invitable, controller: :invitations, route: { invitation: [nil, :new, :accept] }
require "doorkeeper"
require "doorkeeper/openid_connect/rails/routes"

class Recorded < Rails::Application
  config.eager_load = false
  config.secret_key_base = "x" * 30
  config.logger = Logger.new(nil)
end
Devise.secret_key = "x" * 30

class User
  def self.devise_modules = %i[database_authenticatable omniauthable recoverable registerable confirmable lockable invitable]
  def self.devise(*) = nil
  def self.omniauth_providers = %i[github google]
  def self.unlock_strategy_enabled?(_strategy) = true
end

class Person
  def self.devise_modules = %i[database_authenticatable recoverable lockable]
  def self.devise(*) = nil
  def self.unlock_strategy_enabled?(_strategy) = false
end

Doorkeeper.configure do
  orm :active_record
  resource_owner_authenticator { nil }
end
Recorded.initialize!
module DeviseTokenAuth
  mattr_accessor :omniauth_prefix
  self.omniauth_prefix = "/omniauth"
end
load File.join(gems.last, "lib/devise_token_auth/rails/routes.rb")
module Doorkeeper::OpenidConnect
  def self.configuration = Struct.new(:dynamic_client_registration).new(true)
end
ActionDispatch::Routing::Mapper.include Doorkeeper::Rails::Routes::Helper
ActionDispatch::Routing::Mapper.include Doorkeeper::OpenidConnect::Rails::Routes::Helper
routes = Rails.application.routes
routes.disable_clear_and_finalize = true
routes.clear!
eval "routes.draw do\n#{File.read(file)}\nend"
routes.routes.each do |route|
  controller, action = route.defaults.values_at(:controller, :action)
  next if controller&.start_with?("rails/")

  defaults = route.defaults.except(:controller, :action).sort.to_h.to_json
  puts "#{route.name || "null"} #{route.verb} #{route.path.spec} #{controller}##{action} #{defaults}"
end
