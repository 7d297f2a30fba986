# Values that Ruby makes of values, shallow resources, scopes within scopes.
Rails.application.routes.draw do
  scope "/api", as: :api, module: :api, defaults: { format: :json } do
    scope :v1, as: :v1, module: :v1 do
      resources :items, except: %i[new edit destroy], param: :sku do
        collection { get :search; post "bulk/import", action: :import }
        member { get "history(/:page)", action: :history, as: :history }
        resources :prices, only: %i[index], path: "p", as: "costs"
        resource :stock, only: :show, path_names: { edit: "change" } do
          get :edit
          get :level, path: "lvl"
          patch :update, path: "set"
        end
      end
      match "any", to: "any#thing", via: :all
      get "ping" => "ping#index", as: nil
      get :health, to: "health#show"
      get :status, controller: :health
    end
    namespace :v2 do
      concern :taggable do |opts|
        resources :tags, **opts
      end
      resources :items, only: :show, concerns: [:taggable]
      concerns :taggable, only: :index
      root "home#index"
      with_options format: false, only: [:index] do
        resources :plain
        resources :plainer, path: "pl"
      end
      with_options(controller: "shared", on: :collection) do |s|
      end
      constraints(id: /\d+/) { resources :numbers, only: %i[show index] }
      defaults(lang: "en") { get "home", to: "home#en"; resources :pages, only: :show }
      constraints format: /json|xml/ do
        get "feed.:format", to: "feeds#show"
        get "feed2", to: "feeds#two"
      end
    end
  end
  resources :accounts, shallow: true, shallow_path: "acc", shallow_prefix: "a", only: :show do
    resources :users, only: %i[index show] do
      resources :posts, only: %i[index show]
      get :profile, on: :member
    end
  end
  scope shallow: true, path: "sh", as: "sh" do
    resources :xs, only: :index do
      resources :ys, only: [:show, :index]
    end
  end
  resources :photos, :books, only: [:index] do
    get "x", on: :collection, as: :ex
  end
  resources :news, only: [:index, :show]
  resources :people, controller: "humans", path: "p/eople", only: :show, module: "mm"
  get "a-b/c", to: "x#y"
  get "controller_action/show"
  get "/:locale/about", to: "about#show", locale: /[a-z]{2}/, as: "about"
  post "x" => "x#post", constraints: { format: "json" }
  get "x(.:fmt)", to: "x#get", format: false
  get "(:a(/:b))/end", to: "x#opt"
  scope "(:locale)", locale: /en/ do root to: "h#i", as: :lroot; resources :ls, only: :index end
  nested_name = "nn"
  namespace nested_name.to_sym do get "k", to: "k#k" end
  [["one", "u"], ["two", "d"]].each { |path, act| get path, to: "n##{act}" }
  { up: :health, down: :sick }.each_pair do |k, v|
    get k.to_s, to: "h##{v}"
  end
  %w[q w].each_with_index { |n, i| get "#{n}#{i}", to: "i#i" }
  2.times { |i| get "t#{i}", to: "t#t" }
  (1..2).each { |i| get "r#{i}", to: "r#r" }
  only = %i[index show]
  resources :uu, only: only
  opts = { only: [:index], path: "op" }
  resources :oo, **opts
  resources :oo2, opts.merge(path: "op2")
  unless false
    get "unless", to: "u#u"
  end
  get "tern", to: (true ? "t#y" : "t#n")
end
