# A Rails application whose answers are in test/controller/rails_browser.json: what a browser holds after signing in, and what the application
# then says of it. Run it with `SECRET_KEY_BASE=0123456789abcdef… puma shared_browser.ru` and ask /sign_in/5, then /whoami with its cookies.
require "logger"
require "rails"
require "action_controller/railtie"

class Shop < Rails::Application
  config.load_defaults 7.1
  config.root = __dir__
  config.eager_load = false
  config.secret_key_base = ENV.fetch("SECRET_KEY_BASE")
  config.hosts.clear
  config.logger = Logger.new(IO::NULL)
  config.session_store :cookie_store, key: "_shop_session"
end

class SharedController < ActionController::Base
  protect_from_forgery with: :exception

  def sign_in
    session[:user_id] = params[:id].to_i
    session[:cart] = { "items" => [1, 2], "note" => "é <&>" }
    cookies.signed[:signed] = { value: { "id" => 7 }, httponly: true }
    cookies.encrypted[:secret] = "from rails"
    cookies[:plain] = "a b&c"
    cookies.permanent.signed[:remember] = 42
    render json: { csrf: form_authenticity_token }
  end

  def whoami
    render json: { session: session.to_h, signed: cookies.signed[:signed], secret: cookies.encrypted[:secret], plain: cookies[:plain], remember: cookies.signed[:remember] }
  end
end

Shop.initialize!
Rails.application.routes.draw do
  get "/sign_in/:id", to: "shared#sign_in"
  get "/whoami", to: "shared#whoami"
end
run Rails.application
