use_doorkeeper
scope "v1", as: "v1" do
  use_doorkeeper scope: "o" do
    controllers tokens: "my/tokens", applications: "my/apps"
    skip_controllers :authorized_applications, :metadata
    as tokens: :tok, authorizations: :authz
  end
end
use_doorkeeper_openid_connect
namespace :z do
  use_doorkeeper_openid_connect scope: "oo" do
    controllers discovery: "d"
    skip_controllers :dynamic_client_registration
  end
end
mount_devise_token_auth_for "Person", at: "auth"
namespace :api do
  mount_devise_token_auth_for "User", at: "auth", skip: [:unlocks], controllers: { sessions: "s", token_validations: "tv" }
  scope :v2 do
    mount_devise_token_auth_for "Person", at: "a2", as: "folk", skip: [:omniauth_callbacks, :token_validations]
  end
end
