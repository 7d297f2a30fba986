# What calls mean at the places where Rails lets them stand.
Rails.application.routes.draw do
  concern :reviewable do
    member do
      get :review
      put :show, as: :reshow
    end
    collection { get :index, as: :again }
  end
  resources :a, concerns: :reviewable, only: []
  resources :b, :c, only: [:index], concerns: [:reviewable] do
    member do
      resources :d, only: :index
      get :update
    end
    on = :member
    get :x, on: on
  end
  resource :geo, path: "g", path_names: { edit: "change", new: "neu" } do
    member { get :destroy; get :edit }
    collection do
      get :new
    end
    get :new, on: :new
    resource :inner do
      get :edit, to: "x#y", as: :e
    end
  end
  scope path_names: { new: "neu", list: "liste" } do
    resources :q, only: [] do
      get :new, on: :collection, as: :n2
      get :list
      post :list, on: :collection
    end
    get :list, to: "l#l"
  end
  scope ":locale", constraints: { locale: /de|en/ } do
    get "x/y"
    get "x/z", as: :zz, format: false
    match "w" => "w#w", via: :get, defaults: { a: "1" }
    get "v", controller: :vv, action: :show
    get "u(/:id)", to: "u#u", id: /\d+/
  end
  namespace :deep, module: "very/deep", as: "dp", path: "d/e" do
    resources :things, only: :index, controller: "/top/things"
    resource :one, only: :show, module: "mm"
    root to: "r#r"
    namespace "v2" do
      get "s", to: "s#s"
    end
  end
  shallow do
    resources :m, only: :index do
      resources :n, only: [:index, :show] do
        get :extra
        get :more, on: :member
      end
    end
  end
  resources :w, only: :show, constraints: { id: /[A-Z]+/ }, as: :wombat, param: :code, format: false do
    resources :v, only: :index, defaults: { format: "json" }
    get :raw, on: :member, format: true
  end
  %i[show edit].each { |action| get action, controller: :loops, as: "loop_#{action}" }
  resources :z, only: :index do
    %i[p q].each do |name|
      get name, on: :member
    end
    new do
      post :preview
    end
  end
  options "opt", to: "o#o"
  get "/", to: "r#z", as: :slash
  get "ünïcode/:id", to: "u#n"
  get "files/*path", to: "f#f", as: :files
  get "dl/:name.:ext", to: "d#d"
  match "multi", to: "m#m", via: [:get, :delete], as: nil
  direct(:hp) { "http://x" }
  get "old" => redirect("/new")
  get "neg", to: redirect { |p, r| "/x" }, via: :get
  resources :things, path: "", only: [:show]
end
