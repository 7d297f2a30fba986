devise_for :users
namespace :api, path: "one" do
  devise_for :people, path: "p", sign_out_via: [:get, :post], path_names: { sign_in: "in", password: "pw" }
  devise_for :users, skip: [:omniauth_callbacks, :registrations], controllers: { sessions: "mine/sessions" }, singular: :api_login
end
devise_for :people, as: "staff", path_prefix: "my", path: "folk", defaults: { format: :json }, module: "m"
scope "admin", module: "adm", as: "adm" do
  devise_for :users, only: [:sessions, :unlocks], format: false, skip_helpers: true
end
devise_for :person, class_name: "Person", skip: :all
devise_for :members, class_name: "Person", only: :passwords, controllers: { passwords: "x" }
