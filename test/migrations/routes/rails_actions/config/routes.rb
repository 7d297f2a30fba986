# What a symbol, a text and with_options mean at each place of a resource.
Rails.application.routes.draw do
  resource :session do
    get :show
    get "show"
    get :create, on: :collection
    post :reset
    scope :x do
      get :update
    end
    namespace :n do
      get :show, to: "a#b"
    end
    nested do
      get :show, to: "a#c"
    end
  end
  resources :photos, path_names: { preview: "vorschau", edit: "aendern" } do
    get :preview, on: :member
    get :edit, on: :collection, to: "x#y"
    get "preview", on: :collection
    get :show
    new { get :new; get :preview }
    collection do
      delete :destroy
      scope(module: :deep) { get :index, as: :deep }
      resources :tags, only: [:index] do
        get :show, on: :member
        get :preview, on: :member
      end
    end
    member { match :update, via: [:post, :put] }
  end
  scope path_names: { mine: "meine" } do
    get :mine, to: "a#mine"
    resource :thing do
      get :mine
      get :mine, path: "ours", as: :ours
    end
  end
  with_options via: [:get, :post], to: "m#m" do
    match "m1"
    resources :rr, only: :index
  end
  with_options only: :show do |o|
    o.resources :ww do
      resources :inner
    end
  end
  controller :cc do
    get :index
    get "aa", action: :bb
  end

  def crud(name, only: %i[index show], param: :id, **rest)
    resources name, only: only, param: param, **rest
  end
  crud :users
  crud :posts, only: [:show], param: :slug
  crud :tags, module: :labels

  case Rails.env
  when "production" then get "live", to: "home#live"
  when "development", "test"
    get "debug", to: "home#debug"
  else
    get "other", to: "home#other"
  end
end
